// From what is live to the move that replaces it, and the adoption of a Service that never knew colours.
#pragma once

#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// The move from the live colour to the next one; nothing is written.
Move plan_move(const Context& context, const Live& live, const std::string& version, const std::string& digest);

/// Gives a Deployment that Baton did not make this deployment's id. Where the move adopts, its pods get the colour's
/// label first and the selector that key then; no pod is restarted, and whatever is done to the Deployment afterwards,
/// its pods stay in the Service. May be called again after a kill.
void adopt(Context& context, Lease& lease, Move& move);

/// The original selector, and the pods without the label; the move stays recorded. Only while no pod of the new colour
/// is left: the original selector matches those too. Nothing where the move adopts none.
void take_back_adoption(Context& context, Lease& lease, Move& move);

}  // namespace baton::rollout
