// The ReplicaSet controller.
#include <algorithm>

#include "common/core/digest.h"
#include "tests/sandbox/admission.h"
#include "tests/sandbox/controllers.h"
#include "tests/sandbox/deletion.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/recorder.h"

namespace baton::sandbox {
namespace {

const Kind& pod_kind() { return kind_named("Pod"); }

std::int64_t count(const std::vector<Json>& pods, const auto& is_counted) {
  return static_cast<std::int64_t>(std::ranges::count_if(pods, is_counted));
}

bool is_ready(const Json& pod) { return has_condition(pod, "Ready"); }

bool is_available(const Json& pod, std::chrono::seconds needed, Time now) {
  for (const auto& condition : pod["status"]["conditions"].items_or_none()) {
    if (condition["type"] != Json("Ready") || condition["status"] != Json("True")) continue;
    return parse_rfc3339(condition["lastTransitionTime"].string()).value_or(now) + needed <= now;
  }
  return false;
}

class Replicas {
 public:
  Replicas(Store& store, Network& network, const Clock& clock, const Json& set)
      : store_(store), network_(network), clock_(clock), set_(set) {}

  void advance() {
    auto pods = living_pods();
    const auto wanted = set_["spec"]["replicas"].integer();
    for (auto left = static_cast<std::int64_t>(pods.size()); left < wanted; ++left) create_pod();
    if (static_cast<std::int64_t>(pods.size()) > wanted) end_pods(pods, wanted);
    report(living_pods());
  }

 private:
  std::vector<Json> living_pods() const {
    auto pods = store_.list(pod_kind(), namespace_of(set_)).items;
    std::erase_if(pods, [&](const Json& pod) { return controller_uid(pod) != uid_of(set_) || is_terminating(pod); });
    return pods;
  }

  void create_pod() {
    const auto& pod_template = set_["spec"]["template"];
    auto metadata = pod_template["metadata"];
    metadata["name"] = name_of(set_) + "-" + generated_letters(random_hex(10), 5);
    metadata["generateName"] = name_of(set_) + "-";
    metadata["namespace"] = namespace_of(set_);
    metadata["ownerReferences"] = Json::array({controller_reference(set_)});
    auto pod = Json::object({{"metadata", std::move(metadata)}, {"spec", pod_template["spec"]}});
    admit(pod_kind(), {}, pod, network_);
    Recorder(store_, clock_, "replicaset-controller")
        .record(set_, EventType::normal, "SuccessfulCreate", "Created pod: " + name_of(pod));
    store_.create(pod_kind(), std::move(pod));
  }

  /// Those that serve nobody first, then the youngest.
  void end_pods(std::vector<Json>& pods, std::int64_t wanted) {
    std::ranges::stable_sort(pods, [](const Json& one, const Json& other) {
      if (is_ready(one) != is_ready(other)) return is_ready(one);
      return one["metadata"]["creationTimestamp"].string() < other["metadata"]["creationTimestamp"].string();
    });
    for (auto i = static_cast<std::size_t>(wanted); i < pods.size(); ++i) {
      terminate_pod(store_, key_of(pod_kind(), pods[i]), grace_of(pods[i]), clock_.now());
    }
  }

  void report(const std::vector<Json>& pods) {
    const auto needed = std::chrono::seconds(set_["spec"]["minReadySeconds"].integer_or(0));
    const auto now = clock_.now();
    auto status = Json::object({{"replicas", pods.size()}, {"observedGeneration", set_["metadata"]["generation"]}});
    const auto add = [&](std::string_view name, std::int64_t value) {
      if (value > 0) status[name] = value;
    };
    add("fullyLabeledReplicas", static_cast<std::int64_t>(pods.size()));
    add("readyReplicas", count(pods, is_ready));
    add("availableReplicas", count(pods, [&](const Json& pod) { return is_available(pod, needed, now); }));
    store_.update_if_there(key_of(kind_named("ReplicaSet"), set_),
                           [&](Json& object) { object["status"] = std::move(status); });
  }

  Store& store_;
  Network& network_;
  const Clock& clock_;
  const Json& set_;
};

}  // namespace

void sync_replica_sets(Store& store, Network& network, const Clock& clock) {
  for (const auto& set : store.list(kind_named("ReplicaSet")).items) Replicas(store, network, clock, set).advance();
}

}  // namespace baton::sandbox
