// The ReplicaSet controller.
#include <algorithm>

#include "common/core/digest.h"
#include "tests/sandbox/controllers.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/pod_maker.h"

namespace baton::sandbox {
namespace {

std::int64_t count(const std::vector<Json>& pods, const auto& is_counted) {
  return static_cast<std::int64_t>(std::ranges::count_if(pods, is_counted));
}

class Replicas {
 public:
  Replicas(Store& store, Network& network, const Clock& clock, const Json& set)
      : store_(store), clock_(clock), set_(set), maker_(store, network, clock, set, "replicaset-controller") {}

  void advance() {
    auto pods = living_pods();
    const auto wanted = set_["spec"]["replicas"].integer();
    for (auto left = static_cast<std::int64_t>(pods.size()); left < wanted; ++left) create_pod();
    if (static_cast<std::int64_t>(pods.size()) > wanted) end_pods(pods, wanted);
    report(living_pods());
  }

 private:
  std::vector<Json> living_pods() const {
    auto pods = maker_.pods();
    std::erase_if(pods, is_terminating);
    return pods;
  }

  void create_pod() { maker_.make(name_of(set_) + "-" + generated_letters(random_hex(10), 5), {}); }

  /// Those that serve nobody first, then the youngest.
  void end_pods(std::vector<Json>& pods, std::int64_t wanted) {
    std::ranges::stable_sort(pods, [](const Json& one, const Json& other) {
      if (is_pod_ready(one) != is_pod_ready(other)) return is_pod_ready(one);
      return one["metadata"]["creationTimestamp"].string() < other["metadata"]["creationTimestamp"].string();
    });
    for (auto i = static_cast<std::size_t>(wanted); i < pods.size(); ++i) {
      maker_.end(pods[i]);
    }
  }

  void report(const std::vector<Json>& pods) {
    const auto needed = least_ready(set_);
    const auto now = clock_.now();
    auto status = Json::object({{"replicas", pods.size()}, {"observedGeneration", set_["metadata"]["generation"]}});
    const auto add = [&](std::string_view name, std::int64_t value) {
      if (value > 0) status[name] = value;
    };
    add("fullyLabeledReplicas", static_cast<std::int64_t>(pods.size()));
    add("readyReplicas", count(pods, is_pod_ready));
    add("availableReplicas", count(pods, [&](const Json& pod) { return is_pod_available(pod, needed, now); }));
    store_.update_if_there(key_of(kind_named("ReplicaSet"), set_),
                           [&](Json& object) { object["status"] = std::move(status); });
  }

  Store& store_;
  const Clock& clock_;
  const Json& set_;
  PodMaker maker_;
};

}  // namespace

void sync_replica_sets(Store& store, Network& network, const Clock& clock) {
  for (const auto& set : store.list(kind_named("ReplicaSet")).items) Replicas(store, network, clock, set).advance();
}

}  // namespace baton::sandbox
