// What goes with the traffic, or with the release, and cannot.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/applied.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/budgets.h"
#include "common/rollout/labelling.h"
#include "common/rollout/manifest.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/refusals.h"
#include "common/rollout/route.h"
#include "common/rollout/strategy.h"
#include "common/rollout/wearers.h"

namespace baton::rollout::obstacle {

std::optional<Hindrance> autoscaler(Context& context, const Live& live) {
  const auto found = autoscalers_of(context, name_of(live.deployment), name_of(live.service) + "-" + live.next);
  for (const auto& one : found) {
    if (const auto keeper = keeper_of(one); !keeper.empty()) {
      return Hindrance{
          .observed = name_of(one),
          .message =
              fmt::format("HorizontalPodAutoscaler '{}' is kept by {}, which would aim it at the old colour again",
                          name_of(one), keeper),
          .recovery = {"Pause or remove its keeper for this release; this version aims only autoscalers of one's own.",
                       "Run the deployment again."}};
    }
  }
  if (found.size() < 2) return std::nullopt;
  return Hindrance{
      .observed = fmt::format("{}, {}", name_of(found[0]), name_of(found[1])),
      .message = fmt::format("HorizontalPodAutoscalers '{}' and '{}' size the same pods: while two do, neither scales",
                             name_of(found[0]), name_of(found[1])),
      .recovery = {"Keep the one that sizes '" + name_of(live.deployment) + "': it is aimed at the next colour.",
                   "Run the deployment again."}};
}

std::optional<Hindrance> route(Context& context, const Live& live) {
  const auto name = route_of(context.config);
  const auto& config = context.config.rollout();
  const bool has_testers = config.strategy == kCanary && !config.canary.testers.empty();
  if (name.empty() && !has_testers) return std::nullopt;
  if (name.empty()) {
    return Hindrance{.observed = config.canary.traffic,
                     .message = "switch.canary.testers are told apart by an HTTPRoute alone: pods get whoever comes",
                     .recovery = {"Set switch.canary.traffic: gateway-api, or take switch.canary.testers out.",
                                  "Run the deployment again."}};
  }
  const auto found = context.kube.find(kube::kHttpRoutes, name, context.stop);
  const auto why = found ? why_no_share(*found, name_of(live.service), has_testers) : "it is not there";
  const auto keeper = found && config.refuses_gitops ? reconciler_of(*found).name : "";
  if (why.empty() && keeper.empty()) return std::nullopt;
  return Hindrance{
      .observed = name,
      .message =
          fmt::format("HTTPRoute '{}': {}", name,
                      why.empty() ? fmt::format("it is kept by {}, which would revert its weights", keeper) : why),
      .recovery = {"Name a route whose rules send traffic to the Service alone in switch.canary.route, or set "
                   "switch.canary.traffic: replicas.",
                   "Run the deployment again."}};
}

/// While a canary has a number of pods as its share, the Service selects whatever its selector without the colour does.
std::optional<Hindrance> strangers(Context& context, const Live& live) {
  if (context.config.rollout().strategy != kCanary || !route_of(context.config).empty()) return std::nullopt;
  const auto both = without(without(live.selector, kTemplateHash), live.label);
  const std::vector<std::string> recovery = {
      "Give the Service's pods a label of their own and select by it, or let an HTTPRoute give the shares: "
      "switch.canary.traffic: gateway-api.",
      "Run the deployment again."};
  if (both.empty())
    return Hindrance{.message = fmt::format("service '{}' selects by '{}' alone: without it, it would select nobody",
                                            name_of(live.service), live.label),
                     .recovery = recovery};
  const auto pods = ready_pods_under(context, both);
  std::set<std::string> own = uids_of(owned_pods(context, live.deployment));
  if (const auto next = context.kube.find(kube::kDeployments, name_of(live.service) + "-" + live.next, context.stop))
    own.merge(uids_of(owned_pods(context, *next)));
  // An adopted one has a name of its own; it is emptied before the next colour comes up.
  for (const auto& older : wearers_of_next(context, live).deployments) {
    if (!id_of(older).empty()) own.merge(uids_of(owned_pods(context, older)));
  }
  const auto stranger = std::ranges::find_if(pods, [&](const Json& pod) { return !own.contains(uid_of(pod)); });
  if (stranger == pods.end()) return std::nullopt;
  return Hindrance{
      .observed = name_of(*stranger),
      .message = fmt::format("while both colours serve, the Service would select '{}', and with it pod '{}'",
                             selector_text(both), name_of(*stranger)),
      .recovery = recovery};
}

std::optional<Hindrance> disruption_budget(Context& context, const Live& live) {
  const auto budgets = budgets_of(context, colours_of(live)).unclear;
  if (budgets.empty()) return std::nullopt;
  return Hindrance{
      .observed = name_of(budgets.front()),
      .message = fmt::format("PodDisruptionBudget '{}' names the label '{}' in an expression, or guards both colours "
                             "beside one that guards a single colour: it cannot be narrowed to the colour that serves",
                             name_of(budgets.front()), live.label),
      .recovery = {"Keep one budget that selects by matchLabels, without '" + live.label + "'.",
                   "Run the deployment again."}};
}

std::optional<Hindrance> shared_budget(Context& context, const Live& live) {
  const auto budgets = budgets_of(context, colours_of(live)).shared;
  if (budgets.empty()) return std::nullopt;
  return Hindrance{
      .observed = name_of(budgets.front()),
      .message = fmt::format("PodDisruptionBudget '{}' guards pods of others, too: it stays as it is, and while two "
                             "colours stand it counts the idle one's pods as available",
                             name_of(budgets.front()))};
}

/// Only a cluster that serves them is asked: a Role need not name what is not there.
std::optional<Hindrance> vertical_autoscaler(Context& context, const Live& live) try {
  if (!context.kube.find_raw("/apis/autoscaling.k8s.io/v1", context.stop)) return std::nullopt;
  for (const auto& one : context.kube.list(kube::kVerticalAutoscalers, {}, context.stop)) {
    const auto mode = one["spec"]["updatePolicy"]["updateMode"].string_or("Auto");
    const bool is_idle = mode == "Off" || mode == "Initial";
    if (is_idle || one["spec"]["targetRef"]["name"] != Json(name_of(live.deployment))) continue;
    return Hindrance{
        .observed = name_of(one),
        .message = fmt::format("VerticalPodAutoscaler '{}' may evict pods of '{}' at any time (updateMode {}), and it "
                               "does not follow the traffic to the next colour",
                               name_of(one), name_of(live.deployment), mode)};
  }
  return std::nullopt;
} catch (const kube::ApiError& error) {
  if (error.status() != 403) throw;
  return Hindrance{.message = fmt::format("nobody could look for one: {}", error.what()), .recovery = {error.hint()}};
}

std::optional<Hindrance> services(Context& context, const Live& live) {
  const auto labels = colours_of(live).old_pods;
  for (const auto& name : context.config.kubernetes().services) {
    const auto service = context.kube.find(kube::kServices, name, context.stop);
    const auto keeper = service ? reconciler_of(*service) : Reconciler{};
    std::string why;
    if (!service) {
      why = "is not there";
    } else if (is_headless(*service)) {
      why = "is headless: its clients pick pods by DNS and keep them, no change of its selector moves them for certain";
    } else if (!selects(without(labels_from((*service)["spec"]["selector"]), live.label), labels)) {
      why = "does not select the pods that serve";
    } else if (!keeper.name.empty() && context.config.rollout().refuses_gitops) {
      why = fmt::format("is kept by {} (by its mark '{}'), which would revert its selector", keeper.name, keeper.mark);
    }
    if (why.empty()) continue;
    return Hindrance{.observed = name,
                     .message = fmt::format("service '{}', which kubernetes.services names, {}", name, why),
                     .recovery = {"Correct it, or kubernetes.services.", "Run the deployment again."}};
  }
  return std::nullopt;
}

std::optional<Hindrance> workers(Context& context, const Live& live) {
  for (const auto& worker : context.config.kubernetes().workers) {
    const auto found = context.kube.find(kube::kDeployments, worker.name, context.stop);
    if (!found)
      return Hindrance{.message = fmt::format("there is no Deployment '{}'", worker.name),
                       .recovery = {"Correct kubernetes.workers, or create the worker first."}};
    const auto labels = labels_from((*found)["spec"]["template"]["metadata"]["labels"]);
    if (selects(without(live.selector, live.label), labels))
      return Hindrance{.observed = worker.name,
                       .message = fmt::format("pods of the worker '{}' are behind the service '{}'", worker.name,
                                              name_of(live.service)),
                       .recovery = {"Name only Deployments without a Service in kubernetes.workers."}};
    if (const auto why = why_not_labelled(*found); !why.empty())
      return Hindrance{.observed = worker.name, .message = why, .recovery = {"Find out why, and resume it."}};
    const auto keeper = reconciler_of(*found);
    if (!keeper.name.empty() && context.config.rollout().refuses_gitops)
      return Hindrance{
          .observed = keeper.name,
          .message = fmt::format("the worker '{}' is kept by {} (by its mark '{}'), which would revert its "
                                 "image",
                                 worker.name, keeper.name, keeper.mark),
          .recovery = {"Release it through " + keeper.name + ", or set switch.gitops: force."}};
  }
  return std::nullopt;
}

std::optional<Hindrance> manifest(Context& context, const Live& live) {
  const auto manifest = manifest_of(context.config);
  if (!manifest) return std::nullopt;
  for (const auto& object : manifest->beside) {
    const auto why = why_not_applied(context, live, *manifest, object);
    if (why.empty()) continue;
    return Hindrance{.observed = object_text(object),
                     .message = fmt::format("{} of '{}' {}", object_text(object), manifest->name, why),
                     .recovery = {"Correct it, or take it out of the file that kubernetes.manifest names.",
                                  "Run the deployment again."}};
  }
  return std::nullopt;
}

std::optional<Hindrance> unapplied(Context& context, const Live& /*live*/) {
  const auto& manifest = context.config.kubernetes().manifest;
  if (manifest.empty() || context.config.rollout().strategy != kRolling) return std::nullopt;
  return Hindrance{.observed = manifest,
                   .message = fmt::format("a rolling update changes the image alone: '{}' is not applied", manifest)};
}

}  // namespace baton::rollout::obstacle
