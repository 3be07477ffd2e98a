// Refusals before the first write.
#include "common/rollout/refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/rollout/labelling.h"
#include "common/rollout/lease.h"
#include "common/rollout/next.h"
#include "common/rollout/strategy.h"
#include "common/rollout/wearers.h"

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

std::optional<Hindrance> reverting(const Live& live) {
  for (const auto* object : {&live.service, &live.deployment}) {
    const auto found = reconciler_of(*object);
    if (found.name.empty()) continue;
    return Hindrance{.observed = found.name,
                     .message = fmt::format(
                         "{} '{}' is kept by {} (by its mark '{}'), which would revert the selector and the colours",
                         (*object)["kind"].string_or("object"), name_of(*object), found.name, found.mark)};
  }
  return std::nullopt;
}

Finding finding_of(const Obstacle& obstacle, const std::optional<Hindrance>& hindrance) {
  Finding finding{.id = std::string(obstacle.id),
                  .sop = "2c",
                  .title = std::string(obstacle.title),
                  .critical = obstacle.critical,
                  .outcome = Outcome::pass};
  if (!hindrance) return finding;
  finding.outcome = obstacle.critical ? Outcome::fail : Outcome::warn;
  finding.observed = hindrance->observed;
  finding.message = hindrance->message;
  finding.recovery = hindrance->recovery;
  return finding;
}

}  // namespace

namespace obstacle {

std::optional<Hindrance> reconciler(Context& context, const Live& live) {
  if (!context.config.rollout().refuses_gitops) return std::nullopt;
  auto found = reverting(live);
  if (found)
    found->recovery = {"Take the Service and its Deployments out of " + found->observed +
                           "'s care, let it ignore their "
                           "selector, template and replicas and set switch.gitops: force, or release through it.",
                       "Run the deployment again."};
  return found;
}

std::optional<Hindrance> forced(Context& context, const Live& live) {
  return context.config.rollout().refuses_gitops ? std::nullopt : reverting(live);
}

std::optional<Hindrance> taken_name(Context& context, const Live& live) {
  const auto name = name_of(live.service) + "-" + live.next;
  if (name == name_of(live.deployment)) {
    return Hindrance{
        .message = fmt::format("live Deployment '{}' has the name of the next colour", name),
        .recovery = {"Name the label that tells the colours apart in kubernetes.label.", "Run the deployment again."}};
  }
  const auto found = context.kube.find(kube::kDeployments, name, context.stop);
  if (!found) return std::nullopt;
  const auto match = labels_from((*found)["spec"]["selector"]["matchLabels"]);
  const auto wanted = selector_made_of(live.deployment, live.label, live.next);
  // A manifest's own selector is known when the Deployment is made of it.
  const bool is_of_manifest = !context.config.kubernetes().manifest.empty();
  const auto colour = match.find(live.label);
  if (is_of_manifest ? colour != match.end() && colour->second == live.next : match == wanted) return std::nullopt;
  return Hindrance{.message = fmt::format("Deployment '{}' exists and selects '{}', which cannot be changed", name,
                                          selector_text(match)),
                   .recovery = {"Delete or rename that Deployment; it serves nobody behind this Service.",
                                "Run the deployment again."}};
}

std::optional<Hindrance> taken_colour(Context& context, const Live& live) {
  const auto wearers = wearers_of_next(context, live);
  for (const auto& deployment : wearers.deployments) {
    if (!id_of(deployment).empty()) continue;  // ours, of a release that is over: it gives way
    return Hindrance{
        .message = fmt::format("pods of '{}' carry '{}={}' already: they would get traffic with the next colour",
                               name_of(deployment), live.label, live.next),
        .recovery = {"Take that label from them, or name another one in kubernetes.label.",
                     "Run the deployment again."}};
  }
  if (wearers.strays.empty()) return std::nullopt;
  return Hindrance{.message = fmt::format("pod '{}' carries '{}={}', and no Deployment owns it", wearers.strays.front(),
                                          live.label, live.next),
                   .recovery = {"Delete the pod or take that label from it.", "Run the deployment again."}};
}

/// Headless ones are left out: whoever picks pods by DNS asks for each of them.
std::optional<Hindrance> second_service(Context& context, const Live& live) {
  auto next = labels_from(live.deployment["spec"]["template"]["metadata"]["labels"]);
  next = with(std::move(next), live.label, live.next);
  for (const auto& service : context.kube.list(kube::kServices, {}, context.stop)) {
    const bool is_other = name_of(service) != name_of(live.service);
    const auto& listed = context.config.kubernetes().services;
    const bool moves_too = std::ranges::find(listed, name_of(service)) != listed.end();
    const bool is_canarys = !id_of(service).empty();
    if (!is_other || moves_too || is_headless(service) || is_canarys ||
        !selects(labels_from(service["spec"]["selector"]), next))
      continue;
    return Hindrance{
        .observed = name_of(service),
        .message =
            fmt::format("service '{}' selects the same pods: its users would get the next colour before it is tried",
                        name_of(service)),
        .recovery = {
            fmt::format("Name it in kubernetes.services: it moves with '{2}' then; or add '{0}: {1}' to its selector "
                        "once the live pods carry it.",
                        live.label, live.worn.empty() ? next_colour(live.next) : live.worn, name_of(live.service)),
            "Run the deployment again."}};
  }
  return std::nullopt;
}

std::optional<Hindrance> left_behind(Context& context, const Live& live) {
  const auto& chosen = context.config.kubernetes().container;
  std::vector<std::string> others;
  const auto& spec = live.deployment["spec"]["template"]["spec"];
  for (const auto* kind : {"containers", "initContainers"}) {
    for (const auto& container : spec[kind].items_or_none()) {
      const auto name = container["name"].string_or("");
      const bool is_ours = repository_of(container["image"].string_or("")) == repository_of(context.config.image);
      if (!chosen.empty() && name != chosen && is_ours) others.push_back(name);
    }
  }
  if (others.empty()) return std::nullopt;
  return Hindrance{
      .observed = join(others, ", "),
      .message = fmt::format("kubernetes.container is '{}': of the same image '{}' keep the version before", chosen,
                             join(others, "', '"))};
}

std::optional<Hindrance> paused(Context& /*context*/, const Live& live) {
  const auto why = why_not_labelled(live.deployment);
  if (why.empty()) return std::nullopt;
  return Hindrance{.message = why,
                   .recovery = {"Find out who paused it and why, and resume it: kubectl rollout resume deployment/" +
                                    name_of(live.deployment),
                                "Run the deployment again."}};
}

std::optional<Hindrance> helm(Context& /*context*/, const Live& live) {
  const auto& metadata = live.service["metadata"];
  const bool is_helms = metadata["annotations"].find("meta.helm.sh/release-name") != nullptr ||
                        metadata["labels"]["app.kubernetes.io/managed-by"].string_or("") == "Helm";
  if (!is_helms) return std::nullopt;
  return Hindrance{.message = fmt::format(
                       "service '{}' belongs to a Helm release: the next 'helm upgrade' may put its selector back",
                       name_of(live.service))};
}

std::optional<Hindrance> session_affinity(Context& /*context*/, const Live& live) {
  if (live.service["spec"]["sessionAffinity"].string_or("None") == "None") return std::nullopt;
  return Hindrance{
      .message = fmt::format("service '{}' binds each client to a pod: the proof from one address sees one pod only",
                             name_of(live.service))};
}

}  // namespace obstacle

Reconciler reconciler_of(const Json& object) {
  const auto& metadata = object["metadata"];
  for (const auto* pairs : {&metadata["labels"], &metadata["annotations"]}) {
    if (auto found = by_keys(*pairs); !found.name.empty()) return found;
  }
  return by_writers(metadata);
}

std::optional<Hindrance> hindrance(const Obstacle& obstacle, Context& context, const Live& live) {
  const bool is_rolling = context.config.rollout().strategy == kRolling;
  return is_rolling && obstacle.of_colours ? std::nullopt : obstacle.look(context, live);
}

std::vector<Finding> look_for_obstacles(Context& context, const Live& live) {
  std::vector<Finding> findings;
  for (const auto& obstacle : kObstacles) findings.push_back(finding_of(obstacle, hindrance(obstacle, context, live)));
  return findings;
}

std::optional<Hindrance> refused_digest(Context& context, const std::string& digest) {
  const auto refused = read_lease(context).refused;
  if (std::ranges::find(refused, digest) == refused.end()) return std::nullopt;
  return Hindrance{.observed = digest,
                   .message = fmt::format("image '{}' was rolled back before", digest),
                   .recovery = {"Deploy a new image; if the image was not the cause, run baton-precheck with --skip "
                                "digest-not-refused and baton-switch with --retry-failed-digest."}};
}

}  // namespace baton::rollout
