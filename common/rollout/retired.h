// The colour that went out of traffic: how much of it stays, and that nobody is sent to it meanwhile.
#pragma once

#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Why `workload` may not be taken from its users; empty when it may: it still carries the deployment id `id`, and
/// `service` selects none of its pods.
std::string in_use(kube::Client& kube, const std::string& service, const Json& workload, const std::string& id,
                   std::stop_token stop);

/// Scales what served before the move down to `replicas` where it is larger, and says so. It is the way back, so only
/// under the Lease, of a move that was kept, and while it is not in use; a rollback scales it up first.
void shrink_old(Context& context, const Lease& lease, const Move& move, int replicas);

}  // namespace baton::rollout
