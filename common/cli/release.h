// Which release this run is about, and which pipeline runs it.
#pragma once

#include <optional>
#include <string>

#include "common/config/config.h"
#include "common/handoff/statement.h"
#include "common/io/env.h"

namespace baton {

/// `run.release`, else the CI's tag, else the checkout's exact tag; the version is empty when none says. The commit is
/// the CI's, else the checkout's. `id` stays empty.
Release find_release(const Config& config, const Environment& environment);
/// What the CI host says of this pipeline run; `ci` is "github", "gitlab" or "none".
RunInfo find_run(const std::string& ci, const Environment& environment);
/// `wanted` unless it is "auto": then what the environment says.
std::string find_ci(const std::string& wanted, const Environment& environment);

}  // namespace baton
