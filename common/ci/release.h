// Which release this run is about.
#pragma once

#include "common/config/config.h"
#include "common/handoff/handoff.h"
#include "common/io/env.h"

namespace baton {

/// `run.release`, else the CI's tag, else the checkout's exact tag; the version is empty when none says. The commit is
/// the CI's, else the checkout's. `id` stays empty.
Release find_release(const Config& config, const Environment& environment);
/// Whether a flag, the configuration or the CI's tag names it: a scheduled job's checkout may have any tag.
bool is_release_named(const Config& config, const Environment& environment);

}  // namespace baton
