// What was normal before the switch.
#pragma once

#include "common/judge/baseline.h"
#include "tools/switch/world.h"

namespace baton::cutover {

/// What the move records; else measured up to the patch (before it: up to this moment) in at most `limit`; where the
/// store cannot say, what precheck measured; nothing without metrics.
std::optional<judge::Baseline> baseline_for(World& world, const rollout::Move& move, Duration limit);

/// Into the move, before it is written: who goes back later, from any folder, is judged by the same numbers.
void record_baseline(rollout::Move& move, const std::optional<judge::Baseline>& baseline);

}  // namespace baton::cutover
