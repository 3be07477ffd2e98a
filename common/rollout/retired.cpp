// Shrinking the old colour.
#include "common/rollout/retired.h"

#include <fmt/format.h>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/rollout/conflict.h"
#include "common/rollout/next.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

std::string in_use(kube::Client& kube, const std::string& service, const Json& workload, const std::string& id,
                   std::stop_token stop) {
  if (const auto carried = id_of(workload); carried.empty() || carried != id)
    return fmt::format("it carries the deployment id '{}', switch recorded '{}'", printable(carried, 100), id);
  if (replicas_of(workload) == 0) return "";  // an adopted Service's own selector matches every colour
  const auto selector = labels_from(kube.get(kube::kServices, service, stop)["spec"]["selector"]);
  const auto labels = labels_from(workload["spec"]["template"]["metadata"]["labels"]);
  return selects(selector, labels) ? "the Service's selector matches it" : "";
}

void shrink_old(Context& context, const Lease& lease, const Move& move, int replicas) {
  const auto& name = move.previous_deployment;
  until_not_lost([&] {
    const auto old = context.kube.find(kube::kDeployments, name, context.stop);
    if (!old || replicas_of(*old) <= replicas) return;
    if (const auto why = in_use(context.kube, move.service, *old, move.previous_id, context.stop); !why.empty())
      return context.say(fmt::format("{} is not scaled down: {}", name, why));
    lease.confirm();
    context.kube.scale(kube::kDeployments, *old, replicas, context.stop);
    context.say(fmt::format("{} scaled down from {} to {}", name, replicas_of(*old), replicas));
  });
}

}  // namespace baton::rollout
