// The table's rights for one configuration.
#include "common/rollout/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/precheck.h"
#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/rollout/lease.h"
#include "common/rollout/manifest.h"
#include "common/rollout/pods.h"
#include "common/rollout/route.h"
#include "common/rollout/smoke.h"
#include "common/rollout/strategy.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

/// What serves before the first switch.
struct LiveName {
  const kube::Resource* kind = &kube::kDeployments;
  std::string name;
};

LiveName live_named(const Config& config, const std::string& text) {
  constexpr std::array kKinds = {&kube::kDeployments, &kube::kStatefulSets, &kube::kDaemonSets};
  if (text.empty()) return {.name = service_name(config)};
  const auto slash = text.find('/');
  if (slash == std::string::npos) return {.name = text};
  const auto kind = to_lower(text.substr(0, slash));
  for (const auto* one : kKinds) {
    if (kind == to_lower(one->kind) || kind == one->plural) return {.kind = one, .name = text.substr(slash + 1)};
  }
  throw Error(ExitCode::usage, fmt::format("'{}' names no workload that a release can go over", text),
              "Name it as kubectl does: deployment/NAME, statefulset/NAME or daemonset/NAME.");
}

class Asking {
 public:
  Asking(const Config& config, const std::string& live)
      : config_(config), live_(live_named(config, live)), manifest_(manifest_of(config)) {
    if (is_rolled() || live_.kind == &kube::kDeployments) return;
    throw Error(ExitCode::usage,
                fmt::format("a {} serves: strategy '{}' does not fit", live_.kind->kind, config.rollout().strategy),
                "Set switch.strategy: rolling, the only one that does.");
  }

  bool needs(Need need) const {
    switch (need) {
      case Need::adoption:
      case Need::autoscaler:
      case Need::budget:
      case Need::colours:
        return !is_rolled();
      case Need::configuration:
        return makes_config_maps();
      case Need::route:
        return !route_of(config_).empty();
      case Need::questions_to_pods:
        return !config_.rollout().smoke.empty() || can_identify(config_);
      case Need::renewal:
        return config_.rollout().renews_old && !is_rolled();
      case Need::deployment:
        return live_.kind == &kube::kDeployments;
      case Need::stateful_set:
        return live_.kind == &kube::kStatefulSets;
      case Need::daemon_set:
        return live_.kind == &kube::kDaemonSets;
      case Need::replica_sets:
        return live_.kind == &kube::kDeployments || !config_.kubernetes().workers.empty();
      case Need::usage:
        return !is_declared({"node-cpu", "infrastructure"}) || !is_declared({"node-memory", "infrastructure"});
      case Need::capacity:
        return !is_declared({"cluster-capacity", "capacity"});
      case Need::always:
      case Need::evidence:
      case Need::carrier:
      case Need::look:
      case Need::vertical:
        break;
    }
    return true;
  }

  /// Nothing: the calls carry no name. Empty: there is no such object here.
  std::optional<std::vector<std::string>> names(Named named) const {
    const auto& kubernetes = config_.kubernetes();
    std::vector<std::string> workers;
    switch (named) {
      case Named::nothing:
        return std::nullopt;
      case Named::service:
        return std::vector{service_name(config_)};
      case Named::services:
        return kubernetes.services;
      case Named::lease:
        return std::vector{lease_name(config_.app)};
      case Named::old_colour:
      case Named::new_colour:
        return workloads();
      case Named::workers:
        for (const auto& worker : kubernetes.workers) workers.push_back(worker.name);
        return workers;
      case Named::route:
        return std::vector{route_of(config_)};
      case Named::colour_service:
        return colours();
      case Named::kube_system:
        return std::vector<std::string>{"kube-system"};
    }
    return std::nullopt;
  }

  const std::optional<Manifest>& manifest() const { return manifest_; }

 private:
  bool is_rolled() const { return config_.rollout().strategy == kRolling; }

  /// What precheck does not look at it needs no right for.
  bool is_declared(std::initializer_list<const char*> names) const {
    const auto& declared = config_.precheck().not_applicable;
    return std::ranges::any_of(names, [&](const char* name) { return declared.contains(name); });
  }

  bool makes_config_maps() const {
    return manifest_ && std::ranges::any_of(manifest_->beside,
                                            [&](const Json& object) { return is_configuration(*manifest_, object); });
  }

  std::vector<std::string> colours() const {
    return {service_name(config_) + "-blue", service_name(config_) + "-green"};
  }

  std::vector<std::string> workloads() const {
    std::vector<std::string> all = {live_.name};
    if (is_rolled()) return all;
    for (const auto& colour : colours()) {
      if (colour != live_.name) all.push_back(colour);
    }
    return all;
  }

  const Config& config_;
  LiveName live_;
  std::optional<Manifest> manifest_;
};

template <class Texts>
void add_once(Texts& texts, std::string text) {
  if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

/// To the rule of the same objects, where there is one.
void add(std::vector<RoleRule>& rules, RoleRule wanted) {
  const auto same = std::ranges::find_if(rules, [&](const RoleRule& rule) {
    return rule.group == wanted.group && rule.resource == wanted.resource && rule.names == wanted.names;
  });
  if (same == rules.end()) return rules.push_back(std::move(wanted));
  add_once(same->verbs, wanted.verbs.front());
  add_once(same->reasons, wanted.reasons.front());
}

/// What no configuration says.
bool is_up_to_the_cluster(Need need) {
  return need == Need::adoption || need == Need::autoscaler || need == Need::budget || need == Need::vertical;
}

std::string reason_of(const Right& right, Steps steps) {
  const auto when = is_up_to_the_cluster(right.need) ? when_text(right.need) : "";
  return fmt::format("{} ({}): {}{}{}", right.verb, steps_text(steps), right.why, when.empty() ? "" : "; ", when);
}

/// As kubectl guesses it: the cluster, which knows, is not asked.
std::string plural_of(const std::string& kind) {
  auto word = to_lower(kind);
  if (word.ends_with("s")) return word + "es";
  if (!word.ends_with("y")) return word + "s";
  word.pop_back();
  return word + "ies";
}

/// What the manifest holds beside the Deployment. Who applies an object that is not there yet needs `create`, too.
void add_applied(std::vector<RoleRule>& rules, const Asking& asking, Steps steps) {
  const auto& manifest = asking.manifest();
  const auto who = steps & (kPrecheck | kSwitch);
  if (!manifest || who == 0) return;
  for (const auto& object : manifest->beside) {
    if (is_configuration(*manifest, object)) continue;
    const auto version = object["apiVersion"].string_or("");
    const auto slash = version.find('/');
    const std::pair<const char*, std::vector<std::string>> both[] = {{"create", {}}, {"patch", {name_of(object)}}};
    for (const auto& [verb, names] : both)
      add(rules, {.group = slash == std::string::npos ? "" : version.substr(0, slash),
                  .resource = plural_of(object["kind"].string_or("")),
                  .verbs = {verb},
                  .names = names,
                  .reasons = {fmt::format("{} ({}): the manifest's {} is applied; before that only tried (dry run)",
                                          verb, steps_text(who), object_text(object))}});
  }
}

}  // namespace

Roles role_for(const Config& config, const RoleRequest& request) {
  const auto name = request.name.empty() ? "baton-" + config.app : request.name;
  const auto slash = request.account.find('/');
  Roles roles{.name = name,
              .namespace_ = request.namespace_,
              .account = request.account.empty() ? name : request.account.substr(slash + 1),
              .account_namespace = slash == std::string::npos ? request.namespace_ : request.account.substr(0, slash)};
  const Asking asking(config, request.live);
  for (const auto& right : rights()) {
    const auto steps = right.steps & request.steps;
    if (steps == 0 || !asking.needs(right.need)) continue;
    const auto names = asking.names(right.named);
    if (names && names->empty()) continue;
    add(right.resource.namespaced ? roles.in_namespace : roles.in_cluster,
        {.group = kube::group_of(right.resource),
         .resource = resource_text(right),
         .verbs = {std::string(right.verb)},
         .names = names.value_or(std::vector<std::string>{}),
         .reasons = {reason_of(right, steps)}});
  }
  add_applied(roles.in_namespace, asking, request.steps);
  return roles;
}

}  // namespace baton::rollout
