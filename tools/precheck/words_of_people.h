// What people have to say about lines of the checklist: attestations and waivers, laid over what was found.
#pragma once

#include <string>

#include "common/core/finding.h"
#include "common/step/attestations.h"
#include "tools/precheck/check.h"

namespace baton::precheck {

/// Throws Error{usage} where precheck.waivers names no check, one that may not be waived, one twice, or has no reason,
/// person or day.
void require_good_waivers(const View& env);

/// A line that is open and that a person may answer passes as attested; of any other the attestation changes nothing
/// but the message.
void apply_attestation(Finding& finding, const Check& check, const std::vector<Attestation>& attestations);
/// A waived line is a warning whatever was found (decisions 22). Once its day is over, the line fails unless it passes.
void apply_waiver(Finding& finding, const Config& config, Time now);

}  // namespace baton::precheck
