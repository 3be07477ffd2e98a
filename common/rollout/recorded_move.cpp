// Service and Lease, asked for what was recorded last.
#include "common/rollout/recorded_move.h"

#include "common/rollout/intent.h"
#include "common/rollout/lease.h"

namespace baton::rollout {

std::optional<Move> recorded_move(Context& context) {
  const auto service = context.kube.find(kube::kServices, service_name(context.config), context.stop);
  return further(service ? move_in(*service) : std::nullopt, read_lease(context).move);
}

}  // namespace baton::rollout
