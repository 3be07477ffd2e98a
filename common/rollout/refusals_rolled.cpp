// What keeps a StatefulSet or a DaemonSet from being rolled over pod by pod.
#include <fmt/format.h>

#include "common/core/text.h"
#include "common/rollout/pods.h"
#include "common/rollout/ready.h"
#include "common/rollout/refusals.h"
#include "common/rollout/workload.h"

namespace baton::rollout::obstacle {
namespace {

std::string title_of(const Json& workload) { return fmt::format("{} '{}'", kind_of(workload), name_of(workload)); }

std::string kubectl_name_of(const Json& workload) { return to_lower(kind_of(workload)) + "/" + name_of(workload); }

/// Of a StatefulSet every pod must be there and ready: behind one that is not, its controller replaces no other.
bool is_at_rest(const Json& workload) {
  if (is_stateful_set(workload)) return is_rolled_out(workload);
  const auto& status = workload["status"];
  return workload["metadata"]["generation"].integer_or(0) <= status["observedGeneration"].integer_or(0) &&
         status["updatedNumberScheduled"].integer_or(0) >= replicas_of(workload);
}

std::optional<Hindrance> owned(const Json& workload) {
  const auto& owner = controller_of(workload);
  if (owner.is_null()) return std::nullopt;
  const auto name = fmt::format("{} '{}'", owner["kind"].string_or(""), owner["name"].string_or(""));
  return Hindrance{
      .observed = name,
      .message = fmt::format("{} belongs to {}, whose operator would take the image back", title_of(workload), name),
      .recovery = {fmt::format("Release through {}.", name)}};
}

}  // namespace

std::optional<Hindrance> held(Context& /*context*/, const Live& live) {
  const auto& workload = live.deployment;
  if (is_deployment(workload)) return std::nullopt;
  if (auto found = owned(workload)) return found;
  const auto& strategy = workload["spec"]["updateStrategy"];
  const auto partition = strategy["rollingUpdate"]["partition"].integer_or(0);
  if (strategy["type"] == Json("OnDelete"))
    return Hindrance{.observed = "OnDelete",
                     .message = fmt::format("{} replaces its pods only when somebody deletes them (updateStrategy "
                                            "OnDelete)",
                                            title_of(workload)),
                     .recovery = {"Set spec.updateStrategy.type: RollingUpdate; the pods that run stay as they are.",
                                  "Run the deployment again."}};
  if (partition > 0)
    return Hindrance{.observed = fmt::format("partition {}", partition),
                     .message = fmt::format("{} has the partition {}: pods of a lower number would keep the release "
                                            "before",
                                            title_of(workload), partition),
                     .recovery = {"Find out who set it and why; end what it holds, and set "
                                  "spec.updateStrategy.rollingUpdate.partition: 0.",
                                  "Run the deployment again."}};
  if (is_at_rest(workload)) return std::nullopt;
  return Hindrance{
      .observed = "under way",
      .message = fmt::format("{} is not rolled out: a pod of it is not ready, or not of its newest template",
                             title_of(workload)),
      .recovery = {"Let it end, or bring that pod up; one of a StatefulSet that never got ready has to be deleted once "
                   "the template is right: kubectl rollout status " +
                       kubectl_name_of(workload),
                   "Run the deployment again."}};
}

std::optional<Hindrance> lone_pod(Context& /*context*/, const Live& live) {
  const auto& workload = live.deployment;
  const auto& surge = workload["spec"]["updateStrategy"]["rollingUpdate"]["maxSurge"];
  const bool comes_first = is_deployment(workload) || !(surge.is_null() || surge == Json(0));
  if (comes_first || replicas_of(workload) > 1) return std::nullopt;
  return Hindrance{
      .observed = count_text(replicas_of(workload), "pod"),
      .message = fmt::format("{} has one pod, which goes before the next one comes: nobody serves until it "
                             "is ready",
                             title_of(workload))};
}

}  // namespace baton::rollout::obstacle
