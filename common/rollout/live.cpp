// Who serves now.
#include "common/rollout/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/next.h"
#include "common/rollout/strategy.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

[[noreturn]] void refuse(const std::string& message, std::string hint) {
  throw Error(ExitCode::stop, message, std::move(hint));
}

void require_selectable(const Json& service) {
  const auto& spec = service["spec"];
  const auto& name = name_of(service);
  if (spec["type"].string_or("") == "ExternalName") {
    refuse(fmt::format("service '{}' is an ExternalName: it selects no pods", name),
           "Name the Service in front of the pods in kubernetes.service.");
  }
  if (spec["selector"].size() == 0) {
    refuse(fmt::format("service '{}' has no selector: somebody else keeps its endpoints", name),
           "Name the Service whose selector decides who gets traffic in kubernetes.service.");
  }
}

/// What the pods are made by: a ReplicaSet, or a workload that makes them itself.
Json owner_behind(const std::vector<Json>& pods, const std::string& service) {
  std::set<std::string> owners;
  for (const auto& pod : pods) {
    const auto& owner = controller_of(pod);
    const auto kind = owner["kind"].string_or("");
    if (kind != kube::kReplicaSets.kind && (kind == kube::kDeployments.kind || !is_workload(kind))) {
      refuse(fmt::format("service '{}' sends traffic to pod '{}', which no Deployment owns", service, name_of(pod)),
             "Take the pod's label away or narrow the Service's selector, then run again.");
    }
    owners.insert(owner["name"].string());
  }
  const auto& owner = controller_of(pods.front());
  if (owners.size() > 1) {
    refuse(fmt::format("service '{}' sends traffic to more than one {}: '{}'", service, owner["kind"].string(),
                       fmt::join(owners, "', '")),
           "Let the rollout that is under way end, or narrow the Service's selector, then run again.");
  }
  return owner;
}

Json deployment_behind(Context& context, const Json& set, const std::string& service) {
  const auto& owner = controller_of(set);
  if (owner["kind"].string_or("") != "Deployment") {
    refuse(
        fmt::format("service '{}' sends traffic to ReplicaSet '{}', which no Deployment owns", service, name_of(set)),
        "Move the pods into a Deployment, then run again.");
  }
  return context.kube.get(kube::kDeployments, owner["name"].string(), context.stop);
}

bool is_colour(std::string_view value) { return value == "blue" || value == "green"; }

/// The key that tells the colours apart: the Service's, where it knows colours, else one that the live template uses
/// for nothing else.
std::string label_of(const Live& live, const Config& config) {
  const std::array<std::string, 2> keys = {config.kubernetes().label, "colour"};
  for (const auto& key : keys) {
    if (live.selector.contains(key)) return key;
  }
  const auto& labels = live.deployment["spec"]["template"]["metadata"]["labels"];
  for (const auto& key : keys) {
    const auto value = labels[key].string_or("");
    if (value.empty() || is_colour(value)) return key;
  }
  refuse(fmt::format("the pods of '{}' use the labels '{}' for something else than colours", name_of(live.deployment),
                     fmt::join(keys, "' and '")),
         "Name a label of its own in kubernetes.label.");
}

std::string label_in(const Json& metadata, const std::string& key) { return metadata["labels"][key].string_or(""); }

/// Why a second colour cannot stand beside it, or get its traffic; empty: it can.
std::string why_only_rolled(const Live& live) {
  const auto name = name_of(live.deployment);
  if (is_stateful_set(live.deployment))
    return fmt::format(
        "StatefulSet '{}' serves, whose pods have names and volumes of their own: a second one's would be "
        "others",
        name);
  if (is_daemon_set(live.deployment))
    return fmt::format(
        "DaemonSet '{}' serves, which has its pod on every node already: a second one would share the "
        "node's ports and resources with it",
        name);
  if (!is_headless(live.service)) return "";
  return fmt::format(
      "service '{}' is headless: its clients pick pods by DNS and keep them, so that no change of its "
      "selector moves them for certain",
      name_of(live.service));
}

void find_colours(Live& live, const Config& config) {
  live.label = label_of(live, config);
  if (const auto colour = live.selector.find(live.label); colour != live.selector.end()) live.colour = colour->second;
  live.worn = live.colour;
  if (live.worn.empty())
    live.worn = label_in(std::as_const(live.deployment)["spec"]["template"]["metadata"], live.label);
  // Pods that somebody labelled by hand would be selected together with the next colour's.
  const auto by_hand = label_in(std::as_const(live.pods.front())["metadata"], live.label);
  live.next = next_colour(live.worn.empty() && is_colour(by_hand) ? by_hand : live.worn);
}

}  // namespace

Json require_service(Context& context, std::optional<Json> service) {
  if (service) return std::move(*service);
  throw Error(ExitCode::usage,
              fmt::format("service '{}' does not exist in namespace '{}'", service_name(context.config),
                          context.kube.namespace_name()),
              "Correct kubernetes.service or kubernetes.namespace.");
}

Json find_service(Context& context) {
  return require_service(context, context.kube.find(kube::kServices, service_name(context.config), context.stop));
}

Live find_live(Context& context) { return find_live(context, find_service(context)); }

Live find_live(Context& context, Json service) {
  Live live;
  live.service = std::move(service);
  require_selectable(live.service);
  const auto& name = name_of(live.service);
  live.selector = labels_from(live.service["spec"]["selector"]);
  live.pods = ready_pods_under(context, live.selector, PodDetail::sized);
  if (live.pods.empty()) {
    refuse(fmt::format("service '{}' has no ready pod behind '{}'", name, selector_text(live.selector)),
           "Bring the live release up first: there is nothing to switch from, and nothing to go back to.");
  }
  const auto owner = owner_behind(live.pods, name);
  if (owner["kind"] != Json(kube::kReplicaSets.kind)) {
    live.deployment = context.kube.get(workloads_of(owner["kind"].string()), owner["name"].string(), context.stop);
    live.label = context.config.kubernetes().label;
    return live;
  }
  const auto set = context.kube.get(kube::kReplicaSets, owner["name"].string(), context.stop);
  live.hash = set["metadata"]["labels"][kTemplateHash].string_or("");
  live.deployment = deployment_behind(context, set, name);
  find_colours(live, context.config);
  return live;
}

bool is_headless(const Json& service) { return service["spec"]["clusterIP"] == Json("None"); }

void require_fitting(const Context& context, const Live& live) {
  const auto& strategy = context.config.rollout().strategy;
  const auto why = why_only_rolled(live);
  if (strategy == kRolling || why.empty()) return;
  refuse(fmt::format("{}: strategy '{}' does not fit", why, strategy),
         "Set switch.strategy: rolling, the only one that does.");
}

Json container_of(const Json& deployment, const Config& config, std::string_view repository) {
  const auto& containers = deployment["spec"]["template"]["spec"]["containers"].items_or_none();
  const auto found = std::ranges::find_if(containers, [&](const Json& container) {
    if (!config.kubernetes().container.empty()) return container["name"].string_or("") == config.kubernetes().container;
    return repository_of(container["image"].string_or("")) == repository;
  });
  if (found != containers.end()) return *found;
  return containers.empty() ? Json() : containers.front();
}

std::string image_of(const Json& deployment, const Config& config) {
  const auto container = container_of(deployment, config, config.image);
  return container["image"].string_or("");
}

bool has_image(const Json& deployment, std::string_view image) {
  const auto& containers = deployment["spec"]["template"]["spec"]["containers"].items_or_none();
  return std::ranges::any_of(
      containers, [&](const Json& container) { return is_same_image(container["image"].string_or(""), image); });
}

std::optional<Live> try_find_live(Context& context, Json service) {
  try {
    return find_live(context, std::move(service));
  } catch (const Error& error) {
    if (error.code() != ExitCode::stop) throw;
    return std::nullopt;
  }
}

std::string live_description(const std::optional<Live>& live, const Config& config) {
  return live ? name_of(live->deployment) + "@" + image_of(live->deployment, config) : "";
}

std::string live_description(Context& context) {
  return live_description(try_find_live(context, find_service(context)), context.config);
}

}  // namespace baton::rollout
