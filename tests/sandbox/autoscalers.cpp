// The controller of HorizontalPodAutoscalers, in what a release meets of it: whom it sizes, why it does not, and that
// it takes pods away from whoever has no users.
#include <algorithm>
#include <set>

#include "tests/sandbox/controllers.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/select.h"

namespace baton::sandbox {
namespace {

constexpr std::int64_t kWindow = 300;  // seconds, where nobody gives it

std::set<std::string> names_of(const std::vector<Json>& objects) {
  std::set<std::string> names;
  for (const auto& object : objects) names.insert(name_of(object));
  return names;
}

class Autoscaler {
 public:
  Autoscaler(Store& store, const Clock& clock, const Json& object) : store_(store), clock_(clock), object_(object) {}

  void advance() {
    auto status = object_["status"].is_object() ? object_["status"] : Json::object();
    const auto target = find_target(object_);
    if (!target) {
      set_condition(status, "AbleToScale", false, clock_.now(), "FailedGetScale",
                    "the HPA controller was unable to get the target's current scale: deployments.apps \"" +
                        object_["spec"]["scaleTargetRef"]["name"].string_or("") + "\" not found");
    } else {
      set_condition(status, "AbleToScale", true, clock_.now(), "ReadyForNewScale");
      size(*target, status);
    }
    store_.update_if_there(key_of(kind_named("HorizontalPodAutoscaler"), object_),
                           [&](Json& stored) { stored["status"] = status; });
  }

 private:
  std::optional<Json> find_target(const Json& autoscaler) const {
    return store_.find({.kind = &kind_named("Deployment"),
                        .ns = namespace_of(autoscaler),
                        .name = autoscaler["spec"]["scaleTargetRef"]["name"].string_or("")});
  }

  /// As the controller counts them: by the target's selector, whoever owns them.
  std::vector<Json> pods_of(const Json& target) const {
    auto pods = store_.list(kind_named("Pod"), namespace_of(target)).items;
    std::erase_if(pods,
                  [&](const Json& pod) { return !matches(target["spec"]["selector"], pod["metadata"]["labels"]); });
    return pods;
  }

  bool is_ambiguous(const Json& target) const {
    const auto own = names_of(pods_of(target));
    for (const auto& other : store_.list(kind_named("HorizontalPodAutoscaler"), namespace_of(object_)).items) {
      const auto others = find_target(other);
      if (name_of(other) == name_of(object_) || !others) continue;
      const auto pods = names_of(pods_of(*others));
      if (std::ranges::any_of(pods, [&](const auto& pod) { return own.contains(pod); })) return true;
    }
    return false;
  }

  bool has_users(const Json& target) const {
    for (const auto& service : store_.list(kind_named("Service"), namespace_of(target)).items) {
      if (matches_map(service["spec"]["selector"], target["spec"]["template"]["metadata"]["labels"])) return true;
    }
    return false;
  }

  bool scales_down() const {
    const auto& down = object_["spec"]["behavior"]["scaleDown"];
    return down["selectPolicy"].string_or("Max") != "Disabled" &&
           down["stabilizationWindowSeconds"].integer_or(kWindow) == 0;
  }

  void size(const Json& target, Json& status) {
    const auto now = target["spec"]["replicas"].integer_or(1);
    status["currentReplicas"] = now;
    if (now == 0) {
      set_condition(status, "ScalingActive", false, clock_.now(), "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero");
      return;
    }
    if (is_ambiguous(target)) {
      set_condition(status, "ScalingActive", false, clock_.now(), "AmbiguousSelector",
                    "pods by selector are controlled by multiple HPAs");
      return;
    }
    set_condition(status, "ScalingActive", true, clock_.now(), "ValidMetricFound");
    const auto least = object_["spec"]["minReplicas"].integer_or(1);
    auto wanted = std::clamp(now, least, std::max(least, object_["spec"]["maxReplicas"].integer_or(least)));
    if (wanted > least && scales_down() && !has_users(target)) wanted = least;
    status["desiredReplicas"] = wanted;
    if (wanted == now) return;
    store_.update_if_there(key_of(kind_named("Deployment"), target),
                           [&](Json& stored) { stored["spec"]["replicas"] = wanted; });
  }

  Store& store_;
  const Clock& clock_;
  const Json& object_;
};

}  // namespace

void sync_autoscalers(Store& store, const Clock& clock) {
  for (const auto& object : store.list(kind_named("HorizontalPodAutoscaler")).items)
    Autoscaler(store, clock, object).advance();
}

}  // namespace baton::sandbox
