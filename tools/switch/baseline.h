// What was normal before the switch.
#pragma once

#include "common/judge/baseline.h"
#include "tools/switch/world.h"

namespace baton::cutover {

/// Measured up to the patch (before it: up to this moment) in at most `limit`; where the store cannot say, what
/// precheck measured; nothing without metrics.
std::optional<judge::Baseline> baseline_for(World& world, const rollout::Move& move, Duration limit);

}  // namespace baton::cutover
