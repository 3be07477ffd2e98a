// From what a scan found and read to the line of the checklist.
#pragma once

#include <string>

#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/secrets/coverage.h"
#include "tools/precheck/secrets/secret.h"

namespace baton::precheck {

/// Fails on a live secret that precheck.security.secrets_allow does not name, or no longer; is unknown where a part was
/// not read, or nothing; warns of what is no live secret. `read` says what was looked at: "1,203 files, 3 commits".
/// Throws Error{usage} on an allowance without a reason, or whose hash or day is none.
Observation judge_secrets(const Look& look, const secrets::Secrets& found, const secrets::Coverage& coverage,
                          const std::string& read);

}  // namespace baton::precheck
