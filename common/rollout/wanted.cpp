// From a move to the Deployment it brings up.
#include "common/rollout/wanted.h"

#include "common/config/sections/kubernetes.h"
#include "common/rollout/copies.h"
#include "common/rollout/manifest.h"
#include "common/rollout/next.h"

namespace baton::rollout {

std::string pinned_image(const Config& config, const std::string& digest) {
  return repository_of(config.image) + "@" + digest;
}

Json wanted_deployment(const Config& config, const Move& move, const Json& live_deployment) {
  if (move.rolled) return with_images(live_deployment, move.rolled->images, pinned_image(config, move.digest));
  const auto manifest = manifest_of(config);
  const auto model = manifest ? with_copies(*manifest, move) : live_deployment;
  return next_deployment(model, {.name = move.deployment,
                                 .colour = move.colour,
                                 .label = move.label,
                                 .image = pinned_image(config, move.digest),
                                 .container = config.kubernetes().container,
                                 .repository = repository_of(config.image),
                                 .id = move.id,
                                 .version = move.version,
                                 .live_replicas = move.replicas,
                                 .selector = move.selector_after});
}

void write_workload(Context& context, const std::optional<Json>& existing, Json wanted, kube::Write write) {
  const auto& kind = workloads_of(kind_of(wanted));
  if (!existing) {
    context.kube.create(kind, wanted, context.stop, write);
    return;
  }
  wanted["metadata"]["resourceVersion"] = (*existing)["metadata"]["resourceVersion"];
  context.kube.replace(kind, wanted, context.stop, write);
}

}  // namespace baton::rollout
