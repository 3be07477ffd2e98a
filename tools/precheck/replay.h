// What a run of precheck found, judged by the limits of another configuration.
#pragma once

#include "common/config/config.h"
#include "common/core/finding.h"
#include "common/step/env.h"
#include "tools/precheck/precheck.h"

namespace baton::precheck {

struct Rejudged {
  Finding finding = {};   ///< with the outcome and the limit of now
  std::string note = {};  ///< why the outcome is the old one; empty: the number was held against the limit of now
};
/// A number is held against the limit of this configuration. Whatever is none keeps its outcome, and so does what had
/// not failed by its number.
Rejudged rejudge(Finding old, const Config& config);

/// Reads the handoff of precheck that `options.arguments` names, judges its findings and shows what changes. Writes
/// nothing, and ends as a run with these findings would. Throws Error{handoff} on a file that is none of precheck's.
StepResult replay(const Options& options, Env& env);

}  // namespace baton::precheck
