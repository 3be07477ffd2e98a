// The StatefulSet controller: pods with numbers, one after another. A pod that never gets ready holds up all that is
// behind it, its own replacement too, until somebody deletes it.
#include <algorithm>
#include <map>

#include "tests/sandbox/controllers.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/pod_maker.h"

namespace baton::sandbox {
namespace {

class Ordinals {
 public:
  Ordinals(Store& store, Network& network, const Clock& clock, const Json& set)
      : store_(store), clock_(clock), set_(set), maker_(store, network, clock, set, "statefulset-controller") {
    for (auto& pod : maker_.pods()) pods_[ordinal_of(pod)] = std::move(pod);
  }

  void advance() {
    if (fill() && shrink()) update();
    report();
  }

 private:
  std::int64_t ordinal_of(const Json& pod) const {
    return std::strtoll(name_of(pod).substr(name_of(set_).size() + 1).c_str(), nullptr, 10);
  }
  std::int64_t wanted() const { return set_["spec"]["replicas"].integer(); }
  bool is_ordered() const { return set_["spec"]["podManagementPolicy"] != Json("Parallel"); }
  std::string newest() const { return name_of(set_) + "-" + revision_; }
  bool is_newest(const Json& pod) const { return pod["metadata"]["labels"][kRevisionHash] == Json(newest()); }
  bool is_well(const Json& pod) const {
    return !is_terminating(pod) && is_pod_available(pod, least_ready(set_), clock_.now());
  }

  void make(std::int64_t ordinal) {
    const auto name = name_of(set_) + "-" + std::to_string(ordinal);
    maker_.make(name, Json::object({{kRevisionHash, newest()},
                                    {"statefulset.kubernetes.io/pod-name", name},
                                    {"apps.kubernetes.io/pod-index", std::to_string(ordinal)}}));
  }

  /// Whether nothing is left to wait for.
  bool fill() {
    for (std::int64_t at = 0; at < wanted(); ++at) {
      const auto found = pods_.find(at);
      if (found == pods_.end()) make(at);
      if (is_ordered() && (found == pods_.end() || !is_well(found->second))) return false;
    }
    return true;
  }

  bool shrink() {
    for (auto at = pods_.rbegin(); at != pods_.rend() && at->first >= wanted(); ++at) {
      if (!is_terminating(at->second)) maker_.end(at->second);
      if (is_ordered()) return false;
    }
    return true;
  }

  void update() {
    const auto& strategy = set_["spec"]["updateStrategy"];
    if (strategy["type"] == Json("OnDelete")) return;
    for (auto at = wanted() - 1; at >= strategy["rollingUpdate"]["partition"].integer_or(0); --at) {
      const auto found = pods_.find(at);
      if (found == pods_.end()) return;
      if (!is_newest(found->second) && !is_terminating(found->second)) return maker_.end(found->second);
      if (!is_well(found->second)) return;
    }
  }

  void report() {
    const auto now = clock_.now();
    const auto count = [&](const auto& is_counted) {
      return static_cast<std::int64_t>(std::ranges::count_if(
          pods_, [&](const auto& entry) { return !is_terminating(entry.second) && is_counted(entry.second); }));
    };
    const auto updated = count([&](const Json& pod) { return is_newest(pod); });
    const auto ready = count(is_pod_ready);
    auto current = set_["status"]["currentRevision"];
    if (current.is_null() || (updated == wanted() && ready == wanted())) current = newest();
    auto status = Json::object(
        {{"observedGeneration", set_["metadata"]["generation"]},
         {"replicas", pods_.size()},
         {"currentRevision", current},
         {"updateRevision", newest()},
         {"collisionCount", 0},
         {"availableReplicas", count([&](const Json& pod) { return is_pod_available(pod, least_ready(set_), now); })}});
    const auto add = [&](std::string_view name, std::int64_t value) {
      if (value > 0) status[name] = value;
    };
    add("readyReplicas", ready);
    add("updatedReplicas", updated);
    add("currentReplicas", count([&](const Json& pod) { return pod["metadata"]["labels"][kRevisionHash] == current; }));
    store_.update_if_there(key_of(kind_named("StatefulSet"), set_),
                           [&](Json& object) { object["status"] = std::move(status); });
  }

  Store& store_;
  const Clock& clock_;
  const Json& set_;
  PodMaker maker_;
  std::string revision_ = revision_of_template(set_);
  std::map<std::int64_t, Json> pods_ = {};
};

}  // namespace

void sync_stateful_sets(Store& store, Network& network, const Clock& clock) {
  for (const auto& set : store.list(kind_named("StatefulSet")).items) Ordinals(store, network, clock, set).advance();
}

}  // namespace baton::sandbox
