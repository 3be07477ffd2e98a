// Looks at endpoints and at the way back.
#include "common/rollout/serving.h"

#include <fmt/format.h>

#include "common/rollout/endpoints.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

/// "v1.6.0" of a Deployment that Baton brought up, else its image.
std::string release_in(const Json& deployment, const Config& config) {
  const auto version = deployment["metadata"]["annotations"][kVersionAnnotation].string_or("");
  return version.empty() ? image_of(deployment, config) : version;
}

}  // namespace

bool has_ready_endpoint(Context& context, const std::string& service) {
  return !ready_endpoints(slices_of(context, service)).empty();
}

std::string who_serves(Context& context) {
  Context asking = context;
  asking.stop = {};
  try {
    const auto service = find_service(asking);
    if (!has_ready_endpoint(asking, name_of(service)))
      return fmt::format("nobody serves: Service '{}' has no ready endpoint", name_of(service));
    const auto live = find_live(asking, service);
    return fmt::format("'{}' serves {}", name_of(live.deployment), release_in(live.deployment, context.config));
  } catch (const Error& error) {
    return std::string("who serves cannot be told: ") + error.what();
  }
}

bool suffers_too(Context& context, const Move& move) {
  if (move.previous_deployment.empty()) return false;
  const auto old = context.kube.find(kube::kDeployments, move.previous_deployment, context.stop);
  return old && replicas_of(*old) > 0 && ready_pods(context, *old).empty();
}

}  // namespace baton::rollout
