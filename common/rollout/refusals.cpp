// Refusals before the first write.
#include "common/rollout/refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/kubernetes.h"
#include "common/rollout/next.h"

namespace baton::rollout {
namespace {

struct Mark {
  std::string_view prefix;
  std::string_view owner;
};
constexpr Mark kKeyMarks[] = {
    {"argocd.argoproj.io/", "Argo CD"},
    {"kustomize.toolkit.fluxcd.io/", "Flux"},
    {"helm.toolkit.fluxcd.io/", "Flux"},
};
// With its default tracking Argo CD leaves only app.kubernetes.io/instance, as charts do too; who wrote the fields
// tells.
constexpr Mark kWriterMarks[] = {
    {"argocd", "Argo CD"},
    {"kustomize-controller", "Flux"},
    {"helm-controller", "Flux"},
};

template <std::size_t N>
Reconciler match(const Mark (&marks)[N], const std::string& text) {
  for (const auto& mark : marks) {
    if (text.starts_with(mark.prefix)) return {.name = std::string(mark.owner), .mark = text};
  }
  return {};
}

Reconciler by_keys(const Json& pairs) {
  for (const auto& pair : pairs.members_or_none()) {
    if (auto found = match(kKeyMarks, pair.first); !found.name.empty()) return found;
  }
  return {};
}

Reconciler by_writers(const Json& metadata) {
  for (const auto& field : metadata["managedFields"].items_or_none()) {
    if (auto found = match(kWriterMarks, field["manager"].string_or("")); !found.name.empty()) return found;
  }
  return {};
}

Finding passed(std::string id, std::string title) {
  return {.id = std::move(id), .sop = "2c", .title = std::move(title), .critical = true, .outcome = Outcome::pass};
}

Finding check_gitops(const Live& live) {
  auto finding = passed("not-reconciled", "No GitOps controller keeps the Service or the live Deployment");
  for (const auto* object : {&live.service, &live.deployment}) {
    const auto found = reconciler_of(*object);
    if (found.name.empty()) continue;
    finding.outcome = Outcome::fail;
    finding.observed = found.name;
    finding.message =
        fmt::format("{} '{}' is kept by {} (by its mark '{}'), which would revert the selector and the colours",
                    (*object)["kind"].string_or("object"), name_of(*object), found.name, found.mark);
    finding.recovery = {"Take the Service and its Deployments out of " + found.name + "'s care, or release through it.",
                        "Run the deployment again."};
    return finding;
  }
  return finding;
}

Finding check_helm(const Live& live) {
  Finding finding{.id = "not-helm", .sop = "2c", .title = "No Helm release owns the Service", .outcome = Outcome::pass};
  const auto& metadata = live.service["metadata"];
  const bool is_helms = metadata["annotations"].find("meta.helm.sh/release-name") != nullptr ||
                        metadata["labels"]["app.kubernetes.io/managed-by"].string_or("") == "Helm";
  if (!is_helms) return finding;
  finding.outcome = Outcome::warn;
  finding.message =
      fmt::format("service '{}' belongs to a Helm release: the next 'helm upgrade' may put its selector back",
                  name_of(live.service));
  return finding;
}

/// All objects of a kind; none when the cluster does not serve its group.
std::vector<Json> list_if_served(Context& context, const kube::Resource& resource) {
  try {
    return context.kube.list(resource, {}, context.stop);
  } catch (const kube::ApiError& error) {
    if (error.status() != 404) throw;
    return {};
  }
}

Finding check_autoscaler(Context& context, const Live& live) {
  auto finding = passed("no-autoscaler", "No autoscaler sizes the live colour");
  for (const auto& scaler : list_if_served(context, kube::kAutoscalers)) {
    const auto& target = scaler["spec"]["scaleTargetRef"];
    if (target["kind"].string_or("") != "Deployment" || target["name"].string_or("") != name_of(live.deployment))
      continue;
    finding.outcome = Outcome::fail;
    finding.observed = name_of(scaler);
    finding.message =
        fmt::format("HorizontalPodAutoscaler '{}' sizes '{}': it would not follow the traffic to the next colour",
                    name_of(scaler), name_of(live.deployment));
    finding.recovery = {"Remove the autoscaler for this release; this version does not move it along.",
                        "Run the deployment again."};
  }
  return finding;
}

Finding check_budget(Context& context, const Live& live) {
  auto finding = passed("no-disruption-budget", "No disruption budget guards the live colour");
  const auto labels = labels_from(live.deployment["spec"]["template"]["metadata"]["labels"]);
  for (const auto& budget : list_if_served(context, kube::kDisruptionBudgets)) {
    if (!label_selector_matches(budget["spec"]["selector"], labels)) continue;
    finding.outcome = Outcome::fail;
    finding.observed = name_of(budget);
    finding.message = fmt::format(
        "PodDisruptionBudget '{}' guards the pods of '{}': it would not follow the traffic to the next colour",
        name_of(budget), name_of(live.deployment));
    finding.recovery = {"Remove the budget for this release; this version does not move it along.",
                        "Run the deployment again."};
  }
  return finding;
}

Finding check_name(Context& context, const Live& live) {
  auto finding = passed("colour-is-free", "The next colour's Deployment serves nobody");
  const auto name = name_of(live.service) + "-" + live.next;
  if (name == name_of(live.deployment)) {
    finding.outcome = Outcome::fail;
    finding.message = fmt::format("live Deployment '{}' has the name of the next colour", name);
    finding.recovery = {"Name the label that tells the colours apart in kubernetes.label.",
                        "Run the deployment again."};
    return finding;
  }
  const auto found = context.kube.find(kube::kDeployments, name, context.stop);
  if (!found) return finding;
  const auto match = labels_from((*found)["spec"]["selector"]["matchLabels"]);
  const auto colour = match.find(context.config.kubernetes().label);
  if (colour != match.end() && colour->second == live.next) return finding;
  finding.outcome = Outcome::fail;
  finding.message =
      fmt::format("Deployment '{}' exists and selects '{}', which cannot be changed", name, selector_text(match));
  finding.recovery = {"Delete or rename that Deployment; it serves nobody behind this Service.",
                      "Run the deployment again."};
  return finding;
}

Finding check_affinity(const Live& live) {
  Finding finding{.id = "no-session-affinity",
                  .sop = "2c",
                  .title = "New connections choose their pod anew",
                  .outcome = Outcome::pass};
  if (live.service["spec"]["sessionAffinity"].string_or("None") == "None") return finding;
  finding.outcome = Outcome::warn;
  finding.message = fmt::format("service '{}' binds each client to a pod: the proof from one address sees one pod only",
                                name_of(live.service));
  return finding;
}

}  // namespace

Reconciler reconciler_of(const Json& object) {
  const auto& metadata = object["metadata"];
  for (const auto* pairs : {&metadata["labels"], &metadata["annotations"]}) {
    if (auto found = by_keys(*pairs); !found.name.empty()) return found;
  }
  return by_writers(metadata);
}

std::vector<Finding> look_for_obstacles(Context& context, const Live& live) {
  return {check_gitops(live),
          check_autoscaler(context, live),
          check_budget(context, live),
          check_name(context, live),
          check_helm(live),
          check_affinity(live)};
}

}  // namespace baton::rollout
