// Pods by label, followed to their owners.
#include "common/rollout/wearers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/rollout/next.h"
#include "common/rollout/size.h"

namespace baton::rollout {
namespace {

constexpr Duration kDrainLimit = std::chrono::seconds(90);

/// Null where none owns the pod.
Json deployment_of(Context& context, const Json& pod) {
  const auto& owner = controller_of(pod);
  if (owner["kind"].string_or("") != "ReplicaSet") return {};
  const auto set = context.kube.find(kube::kReplicaSets, owner["name"].string(), context.stop);
  if (!set) return {};
  const auto& above = controller_of(*set);
  if (above["kind"].string_or("") != "Deployment") return {};
  return context.kube.find(kube::kDeployments, above["name"].string(), context.stop).value_or(Json());
}

}  // namespace

Labels selector_of_next(const Live& live) { return with(without(live.selector, kTemplateHash), live.label, live.next); }

Wearers wearers_of(Context& context, const Labels& selector, const std::string& deployment) {
  Wearers wearers;
  std::set<std::string> sets;
  for (const auto& pod : context.kube.list(kube::kPods, {.labels = selector_text(selector)}, context.stop)) {
    const auto set = controller_of(pod)["uid"].string_or("");
    if (is_finished(pod) || (!set.empty() && !sets.insert(set).second)) continue;
    auto owner = deployment_of(context, pod);
    if (owner.is_null()) {
      wearers.strays.push_back(name_of(pod));
      continue;
    }
    const bool is_known =
        std::ranges::any_of(wearers.deployments, [&](const Json& known) { return name_of(known) == name_of(owner); });
    if (name_of(owner) != deployment && !is_known) wearers.deployments.push_back(std::move(owner));
  }
  return wearers;
}

Wearers wearers_of_next(Context& context, const Live& live) {
  return wearers_of(context, selector_of_next(live), name_of(live.service) + "-" + live.next);
}

void clear_colour(Context& context, const Lease& lease, const Move& move) {
  const auto wearers = wearers_of(context, move.selector_after, move.deployment);
  for (const auto& deployment : wearers.deployments) {
    if (id_of(deployment).empty() || name_of(deployment) == move.previous_deployment)
      throw Error(ExitCode::stop, fmt::format("pods of '{}' wear the next colour already", name_of(deployment)),
                  "Take that label from them, then run again.");
    lease.check();
    const auto drained = drain(context, name_of(deployment), id_of(deployment), kDrainLimit);
    if (drained.is_empty) continue;
    throw Error(ExitCode::unknown, drained.message, "End these pods, then run again.");
  }
  if (wearers.strays.empty()) return;
  throw Error(ExitCode::stop,
              fmt::format("pod '{}' wears the next colour, and no Deployment owns it", wearers.strays.front()),
              "Delete the pod or take its label away, then run again.");
}

}  // namespace baton::rollout
