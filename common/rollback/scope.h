// Whose series are read for a colour of a move, and what they are judged by.
#pragma once

#include "common/judge/criteria.h"
#include "common/judge/scope.h"
#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {
struct Live;
}

namespace baton::rollback {

enum class Side { before, after };

/// The old or the new colour of a move, with its pods as they are now.
judge::Scope scope_of(rollout::Context& context, const rollout::Move& move, Side side);
/// What serves.
judge::Scope scope_of(rollout::Context& context, const rollout::Live& live);

/// What was normal before the move, as switch measured it; nothing where it could not, or nobody can read it.
std::optional<judge::Baseline> recorded_baseline(const rollout::Move& move);

/// The limits of the configuration against `baseline`, without what precheck.not_applicable takes out.
judge::Criteria criteria_for(const Config& config, judge::Baseline baseline);

}  // namespace baton::rollback
