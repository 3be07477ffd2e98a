// The DaemonSet controller: a pod on every node, replaced as maxUnavailable allows; it makes no pod more (maxSurge).
#include <algorithm>

#include "common/core/digest.h"
#include "tests/sandbox/controllers.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/pod_maker.h"

namespace baton::sandbox {
namespace {

class Daemons {
 public:
  Daemons(Store& store, Network& network, const Clock& clock, const Json& set)
      : store_(store), clock_(clock), set_(set), maker_(store, network, clock, set, "daemonset-controller") {
    for (const auto& node : store.list(kind_named("Node")).items) nodes_.push_back(name_of(node));
    pods_ = maker_.pods();
  }

  void advance() {
    const bool are_all_there = fill();
    if (are_all_there && set_["spec"]["updateStrategy"]["type"] != Json("OnDelete")) update();
    report();
  }

 private:
  bool is_newest(const Json& pod) const { return pod["metadata"]["labels"][kRevisionHash] == Json(revision_); }
  bool is_well(const Json& pod) const {
    return !is_terminating(pod) && is_pod_available(pod, least_ready(set_), clock_.now());
  }

  bool fill() {
    bool are_all_there = true;
    for (const auto& node : nodes_) {
      if (std::ranges::any_of(pods_, [&](const Json& pod) { return pod["spec"]["nodeName"] == Json(node); })) continue;
      maker_.make(name_of(set_) + "-" + generated_letters(random_hex(10), 5),
                  Json::object({{kRevisionHash, revision_}, {"pod-template-generation", "1"}}), node);
      are_all_there = false;
    }
    return are_all_there;
  }

  /// What serves nobody goes at once, of the others as many as may be missed.
  void update() {
    auto missed = std::ranges::count_if(pods_, [&](const Json& pod) { return !is_well(pod); });
    const auto most = set_["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"].integer_or(1);
    for (const auto& pod : pods_) {
      if (is_newest(pod) || is_terminating(pod)) continue;
      if (is_well(pod) && missed++ >= most) continue;
      maker_.end(pod);
    }
  }

  void report() {
    const auto count = [&](const auto& is_counted) {
      return static_cast<std::int64_t>(
          std::ranges::count_if(pods_, [&](const Json& pod) { return !is_terminating(pod) && is_counted(pod); }));
    };
    const auto wanted = static_cast<std::int64_t>(nodes_.size());
    const auto available = count([&](const Json& pod) { return is_well(pod); });
    auto status = Json::object({{"observedGeneration", set_["metadata"]["generation"]},
                                {"desiredNumberScheduled", wanted},
                                {"currentNumberScheduled", count([](const Json&) { return true; })},
                                {"numberMisscheduled", 0},
                                {"numberReady", count(is_pod_ready)}});
    const auto add = [&](std::string_view name, std::int64_t value) {
      if (value > 0) status[name] = value;
    };
    add("updatedNumberScheduled", count([&](const Json& pod) { return is_newest(pod); }));
    add("numberAvailable", available);
    add("numberUnavailable", wanted - available);
    store_.update_if_there(key_of(kind_named("DaemonSet"), set_),
                           [&](Json& object) { object["status"] = std::move(status); });
  }

  Store& store_;
  const Clock& clock_;
  const Json& set_;
  PodMaker maker_;
  std::string revision_ = revision_of_template(set_);
  std::vector<std::string> nodes_ = {};
  std::vector<Json> pods_ = {};
};

}  // namespace

void sync_daemon_sets(Store& store, Network& network, const Clock& clock) {
  for (const auto& set : store.list(kind_named("DaemonSet")).items) Daemons(store, network, clock, set).advance();
}

}  // namespace baton::sandbox
