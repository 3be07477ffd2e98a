// The Deployment controller.
#include <algorithm>
#include <cmath>

#include "common/core/digest.h"
#include "common/core/units.h"
#include "tests/sandbox/controllers.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/recorder.h"

namespace baton::sandbox {
namespace {

constexpr std::string_view kHash = "pod-template-hash";
constexpr std::string_view kRevision = "deployment.kubernetes.io/revision";

std::int64_t replicas(const Json& object) { return object["spec"]["replicas"].integer_or(1); }
std::int64_t counted(const Json& object, std::string_view what) { return object["status"][what].integer_or(0); }
std::int64_t revision_of(const Json& object) {
  return std::strtoll(object["metadata"]["annotations"][kRevision].string_or("0").c_str(), nullptr, 10);
}

std::int64_t share_of(const Json& value, std::int64_t replicas, bool is_rounded_up) {
  if (value.is_integer()) return value.integer();
  const double share = parse_percent(value.string_or("25%")).value_or(25) / 100 * static_cast<double>(replicas);
  return static_cast<std::int64_t>(is_rounded_up ? std::ceil(share) : std::floor(share));
}

struct Sets {
  std::vector<Json> old;  ///< oldest first
  Json current;           ///< null while there is none
};

/// As the controller compares them: whatever the ReplicaSet is called and whoever wrote its template.
bool is_of_template(const Json& set, const Json& pod_template) {
  Json own = set["spec"]["template"];
  own["metadata"]["labels"].erase(kHash);
  Json wanted = pod_template;
  wanted["metadata"]["labels"].erase(kHash);
  return is_same(own, wanted);
}

class Rollout {
 public:
  Rollout(Store& store, const Clock& clock, const Json& deployment)
      : store_(store), clock_(clock), deployment_(deployment) {}

  void advance() {
    auto sets = find_sets();
    if (deployment_["spec"]["paused"].boolean_or(false)) {
      hold(sets);
    } else {
      if (sets.current.is_null()) sets.current = create_set(sets);
      move_pods(sets);
    }
    report(find_sets());
  }

 private:
  Sets find_sets() const {
    Sets sets;
    for (const auto& set : store_.list(kind_named("ReplicaSet"), namespace_of(deployment_)).items) {
      if (controller_uid(set) != uid_of(deployment_)) continue;
      if (sets.current.is_null() && is_of_template(set, deployment_["spec"]["template"])) {
        sets.current = set;
      } else {
        sets.old.push_back(set);
      }
    }
    std::ranges::sort(sets.old, {}, revision_of);
    return sets;
  }

  /// A paused one is scaled, and nothing else.
  void hold(const Sets& sets) {
    auto all = sets.old;
    if (!sets.current.is_null()) all.push_back(sets.current);
    const auto serving =
        std::ranges::find_if(all.rbegin(), all.rend(), [](const Json& set) { return replicas(set) > 0; });
    if (serving != all.rend()) scale(*serving, replicas(deployment_));
  }

  /// Of a name that is free: one of this hash may have got another template since.
  std::string free_hash(const Sets& sets) const {
    for (int collisions = 0;; ++collisions) {
      auto text = to_text(sorted(deployment_["spec"]["template"]));
      if (collisions > 0) text += std::to_string(collisions);
      auto hash = generated_letters(sha256_hex(text), 10);
      const auto name = name_of(deployment_) + "-" + hash;
      if (std::ranges::none_of(sets.old, [&](const Json& set) { return name_of(set) == name; })) return hash;
    }
  }

  Json create_set(const Sets& sets) {
    const auto hash = free_hash(sets);
    const auto revision = std::to_string((sets.old.empty() ? 0 : revision_of(sets.old.back())) + 1);
    const auto& spec = deployment_["spec"];
    auto pod_template = spec["template"];
    pod_template["metadata"]["labels"][kHash] = hash;
    auto selector = spec["selector"];
    selector["matchLabels"][kHash] = hash;
    auto metadata = Json::object({{"name", name_of(deployment_) + "-" + hash},
                                  {"namespace", namespace_of(deployment_)},
                                  {"labels", pod_template["metadata"]["labels"]},
                                  {"annotations", Json::object({{kRevision.data(), revision}})},
                                  {"ownerReferences", Json::array({controller_reference(deployment_)})}});
    auto set_spec = Json::object({{"replicas", 0}, {"selector", selector}, {"template", pod_template}});
    if (const auto* seconds = spec.find("minReadySeconds")) set_spec["minReadySeconds"] = *seconds;
    store_.update_if_there(key_of(kind_named("Deployment"), deployment_),
                           [&](Json& object) { object["metadata"]["annotations"][kRevision] = revision; });
    return store_.create(kind_named("ReplicaSet"),
                         Json::object({{"metadata", std::move(metadata)}, {"spec", std::move(set_spec)}}));
  }

  void scale(const Json& set, std::int64_t wanted) {
    if (replicas(set) == wanted) return;
    store_.update_if_there(key_of(kind_named("ReplicaSet"), set),
                           [&](Json& object) { object["spec"]["replicas"] = wanted; });
    const auto verb = wanted > replicas(set) ? "up" : "down";
    Recorder(store_, clock_, "deployment-controller")
        .record(deployment_, EventType::normal, "ScalingReplicaSet",
                std::string("Scaled ") + verb + " replica set " + name_of(set) + " from " +
                    std::to_string(replicas(set)) + " to " + std::to_string(wanted));
  }

  void move_pods(const Sets& sets) {
    const auto wanted = replicas(deployment_);
    std::int64_t old_wanted = 0;
    std::int64_t old_there = 0;
    std::int64_t available = counted(sets.current, "availableReplicas");
    for (const auto& set : sets.old) {
      old_wanted += replicas(set);
      old_there += counted(set, "replicas");
      available += counted(set, "availableReplicas");
    }
    const auto& strategy = deployment_["spec"]["strategy"];
    if (strategy["type"] == Json("Recreate")) {
      for (const auto& set : sets.old) scale(set, 0);
      if (old_there == 0) scale(sets.current, wanted);
      return;
    }
    const auto surge = share_of(strategy["rollingUpdate"]["maxSurge"], wanted, /*is_rounded_up=*/true);
    auto missing = share_of(strategy["rollingUpdate"]["maxUnavailable"], wanted, /*is_rounded_up=*/false);
    if (surge == 0 && missing == 0) missing = 1;
    const auto room = std::max<std::int64_t>(wanted + surge - old_wanted, replicas(sets.current));
    scale(sets.current, std::min(wanted, room));
    shrink_old(sets, available - (wanted - missing));
  }

  /// Pods that never became available cost nothing; of the others only as many go as may be missed.
  void shrink_old(const Sets& sets, std::int64_t may_go) {
    for (const auto& set : sets.old) {
      const auto useless = replicas(set) - counted(set, "availableReplicas");
      const auto useful = std::clamp<std::int64_t>(may_go, 0, replicas(set) - useless);
      may_go -= useful;
      scale(set, std::max<std::int64_t>(replicas(set) - useless - useful, 0));
    }
  }

  void report(const Sets& sets) {
    Json status = Json::object({{"observedGeneration", deployment_["metadata"]["generation"]}});
    const auto add = [&](std::string_view name, std::int64_t value) {
      if (value > 0) status[name] = value;
    };
    std::int64_t total = counted(sets.current, "replicas");
    std::int64_t ready = counted(sets.current, "readyReplicas");
    std::int64_t available = counted(sets.current, "availableReplicas");
    for (const auto& set : sets.old) {
      total += counted(set, "replicas");
      ready += counted(set, "readyReplicas");
      available += counted(set, "availableReplicas");
    }
    const auto updated = counted(sets.current, "replicas");
    const auto wanted = replicas(deployment_);
    add("replicas", total);
    add("updatedReplicas", updated);
    add("readyReplicas", ready);
    add("availableReplicas", available);
    add("unavailableReplicas", std::max<std::int64_t>(std::max(total, wanted) - available, 0));
    status["conditions"] = deployment_["status"]["conditions"];
    add_conditions(status, available >= wanted, updated == wanted && total == updated && available >= updated);
    store_.update_if_there(key_of(kind_named("Deployment"), deployment_),
                           [&](Json& object) { object["status"] = std::move(status); });
  }

  void add_conditions(Json& status, bool is_available, bool is_complete) {
    const auto now = clock_.now();
    set_condition(status, "Available", is_available, now,
                  is_available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable");
    const auto limit = std::chrono::seconds(deployment_["spec"]["progressDeadlineSeconds"].integer_or(600));
    const bool is_late = !is_complete && now - began_at(now) > limit;
    set_condition(status, "Progressing", !is_late, now,
                  is_complete ? "NewReplicaSetAvailable"
                  : is_late   ? "ProgressDeadlineExceeded"
                              : "ReplicaSetUpdated");
  }

  /// When the newest ReplicaSet was made; a later scaling has no deadline, as on a real cluster.
  Time began_at(Time now) const {
    const auto current = find_sets().current;
    return parse_rfc3339(current["metadata"]["creationTimestamp"].string_or("")).value_or(now);
  }

  Store& store_;
  const Clock& clock_;
  const Json& deployment_;
};

}  // namespace

std::string generated_letters(const std::string& digest, std::size_t count) {
  constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string letters;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = std::stoul(digest.substr(4 * i, 4), nullptr, 16);
    letters += kAlphabet[value % kAlphabet.size()];
  }
  return letters;
}

void sync_deployments(Store& store, const Clock& clock) {
  for (const auto& deployment : store.list(kind_named("Deployment")).items) Rollout(store, clock, deployment).advance();
}

}  // namespace baton::sandbox
