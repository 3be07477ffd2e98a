// What was normal before the switch.
#pragma once

#include "common/judge/baseline.h"
#include "tools/switch/world.h"

namespace baton::cutover {

/// Gives a canary that is judged by metrics its control; a cluster that says no is a warning.
void have_control(World& world, rollout::Lease& lease, rollout::Move& move);
/// What its control shows since `since`; nothing where none is ready, or somebody cannot be asked.
std::optional<judge::Baseline> control_for(World& world, const rollout::Move& move, Time since);

/// What the move records; else measured up to the patch (before it: up to this moment) in at most `limit`; where the
/// store cannot say, what precheck measured; nothing without metrics.
std::optional<judge::Baseline> baseline_for(World& world, const rollout::Move& move, Duration limit);

/// Into the move, before it is written: who goes back later, from any folder, is judged by the same numbers.
void record_baseline(rollout::Move& move, const std::optional<judge::Baseline>& baseline);

}  // namespace baton::cutover
