// What the configuration has run or told around the stages of a move.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

enum class HookEvent { before_stage, after_stage, before_rollback };

/// The event's hooks in their order. Each is told of the move in one JSON object: a command on stdin and by variables
/// (BATON_HOOK_EVENT, BATON_HOOK_STAGE, …), a server by POST; `stage` as --until takes it. A finding each, with the end
/// of its output. The first that fails or is late ends the rest and is the last, a critical failure; before a rollback
/// it is a warning, the rest go on, and all of them together have HooksConfig::kRollbackInAll. A run that is taken up
/// may call a hook again, with the same id and stage. Throws Error{interrupted} alone.
std::vector<Finding> run_hooks(Context& context, const Move& move, HookEvent event, const std::string& stage);

}  // namespace baton::rollout
