// What keeps a deployment from beginning, as the step's result.
#pragma once

#include <optional>
#include <string>

#include "common/rollout/context.h"
#include "tools/switch/preflight.h"

namespace baton::cutover {

/// Nothing where nothing is in the way.
std::optional<StepResult> refusal_of(const Preflight& found);
/// Of an image that was rolled back before.
std::optional<StepResult> refused_digest(rollout::Context& context, const std::string& digest);

}  // namespace baton::cutover
