// Pods by label, followed to their owners.
#include "common/rollout/wearers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/io/wait.h"
#include "common/rollout/next.h"
#include "common/rollout/size.h"

namespace baton::rollout {
namespace {

constexpr Duration kDrainLimit = std::chrono::seconds(90);

void add(Context& context, const Json& pod, const std::string& deployment, Wearers& wearers) {
  const auto& owner = controller_of(pod);
  if (owner["kind"].string_or("") != "ReplicaSet") return wearers.strays.push_back(name_of(pod));
  const auto set = context.kube.find(kube::kReplicaSets, owner["name"].string(), context.stop);
  if (!set) return wearers.leaving.push_back(name_of(pod));
  const auto& above = controller_of(*set);
  if (above["kind"].string_or("") != "Deployment") return wearers.strays.push_back(name_of(pod));
  const auto& name = above["name"].string();
  const bool is_known =
      std::ranges::any_of(wearers.deployments, [&](const Json& known) { return name_of(known) == name; });
  if (name == deployment || is_known) return;
  auto found = context.kube.find(kube::kDeployments, name, context.stop);
  if (!found) return wearers.leaving.push_back(name_of(pod));
  wearers.deployments.push_back(std::move(*found));
}

/// Whoever deletes a Deployment deletes its pods a moment later.
void await_leaving(Context& context, const Move& move) {
  Wait wait(context.patience(), fmt::format("the pods of an older '{}' to end", move.colour), kDrainLimit);
  for (;;) {
    const auto leaving = wearers_of(context, move.selector_after, move.deployment).leaving;
    if (leaving.empty()) return;
    if (wait.is_over())
      throw Error(ExitCode::unknown,
                  fmt::format("pod '{}' does not end, though its Deployment is gone", leaving.front()),
                  "Delete the pod, then run again.");
    wait.pause(std::chrono::milliseconds(200));
  }
}

}  // namespace

Wearers wearers_of(Context& context, const Labels& selector, const std::string& deployment) {
  Wearers wearers;
  std::map<std::string, Json> seen;  // one for each set, and each that no set owns
  const auto take = [&](const Json& pod) {
    if (is_finished(pod) || is_terminating(pod)) return;
    const auto set = controller_of(pod)["uid"].string_or("");
    seen.emplace(set.empty() ? uid_of(pod) : set, core_of(pod));
  };
  visit_pods_under(context, selector, {.begin = [&] { seen.clear(); }, .take = take});
  for (const auto& [owner, pod] : seen) add(context, pod, deployment, wearers);
  return wearers;
}

Wearers wearers_of_next(Context& context, const Live& live) {
  const auto selector = with(without(live.selector, kTemplateHash), live.label, live.next);
  return wearers_of(context, selector, name_of(live.service) + "-" + live.next);
}

void clear_colour(Context& context, const Lease& lease, const Move& move) {
  const auto wearers = wearers_of(context, move.selector_after, move.deployment);
  for (const auto& deployment : wearers.deployments) {
    if (id_of(deployment).empty() || name_of(deployment) == move.previous_deployment)
      throw Error(ExitCode::stop, fmt::format("pods of '{}' wear the next colour already", name_of(deployment)),
                  "Take that label from them, then run again.");
    const auto drained = drain(context, lease, name_of(deployment), id_of(deployment), kDrainLimit);
    if (drained.is_empty) continue;
    throw Error(ExitCode::unknown, drained.message, "End these pods, then run again.");
  }
  await_leaving(context, move);
  if (wearers.strays.empty()) return;
  throw Error(ExitCode::stop,
              fmt::format("pod '{}' wears the next colour, and no Deployment owns it", wearers.strays.front()),
              "Delete the pod or take its label away, then run again.");
}

}  // namespace baton::rollout
