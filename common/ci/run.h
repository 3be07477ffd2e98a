// Which CI host runs us, and what it says of this pipeline run.
#pragma once

#include <string>

#include "common/handoff/handoff.h"
#include "common/io/env.h"

namespace baton {

/// What the CI host says of this pipeline run; `ci` is "github", "gitlab" or "none".
RunInfo find_run(const std::string& ci, const Environment& environment);
/// `wanted` unless it is "auto": then what the environment says.
std::string find_ci(const std::string& wanted, const Environment& environment);

}  // namespace baton
