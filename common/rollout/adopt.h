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

/// Narrows the selector to the live ReplicaSet where the move adopts, and gives a Deployment that Baton did not make
/// this deployment's id. No pod is restarted.
void adopt(Context& context, Lease& lease, const Move& move);

/// Before traffic moved: the new colour to 0, an adoption taken back, the record forgotten.
void abandon(Context& context, Lease& lease, const Move& move);

}  // namespace baton::rollout
