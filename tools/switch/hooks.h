// Hooks around the stages of a run.
#pragma once

#include "tools/switch/attempt.h"
#include "tools/switch/stages.h"

namespace baton::cutover {

/// Calls hooks.before_stage; where there are any, the new colour is looked at and smoked once more behind them: they
/// may take their time. False when one says no or the colour is not well: its finding is then the last of
/// attempt.findings.
bool may_take(World& world, Attempt& attempt, const Stage& stage);
/// Calls hooks.after_stage. False as above.
bool may_keep(World& world, Attempt& attempt, const Stage& stage);

}  // namespace baton::cutover
