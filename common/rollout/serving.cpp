// Looks at endpoints and at the way back.
#include "common/rollout/serving.h"

#include "common/rollout/endpoints.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"

namespace baton::rollout {

bool has_ready_endpoint(Context& context, const std::string& service) {
  return !ready_endpoints(slices_of(context, service)).empty();
}

bool suffers_too(Context& context, const Move& move) {
  if (move.previous_deployment.empty()) return false;
  const auto old = context.kube.find(kube::kDeployments, move.previous_deployment, context.stop);
  return old && replicas_of(*old) > 0 && ready_pods(owned_pods(context, *old)).empty();
}

}  // namespace baton::rollout
