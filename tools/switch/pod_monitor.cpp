// The monitor over the new colour's pods.
#include "tools/switch/pod_monitor.h"

#include <fmt/format.h>

#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/smoke.h"
#include "common/rollout/swap.h"
#include "common/rollout/trouble.h"

namespace baton::cutover {
namespace {

constexpr int kUnreadyLooks = 2;
constexpr int kRestarts = 1;    // one restart may be the node's; a second one is the release's
constexpr int kSmokeLooks = 3;  // decisions 34

std::string crash_of(const Json& pod) {
  for (const auto& trouble : rollout::troubles_of_pod(pod)) {
    if (trouble.reason == "CrashLoopBackOff" || trouble.reason == "OOMKilled") {
      return fmt::format("container '{}' of pod '{}': {}", trouble.container, trouble.pod, trouble.reason);
    }
  }
  return "";
}

}  // namespace

std::string PodMonitor::look() {
  rollout::require_selector(world_.context, move_.selector_after);
  const auto deployment = world_.kube.find(kube::kDeployments, move_.deployment, world_.context.stop);
  const auto pods = deployment ? rollout::owned_pods(world_.context, *deployment) : std::vector<Json>{};
  ready_ = rollout::ready_pods(pods);
  names_ = rollout::names_of(pods);
  unready_looks_ = ready_.empty() ? unready_looks_ + 1 : 0;
  if (has_lost_all()) return fmt::format("no pod of '{}' is ready", move_.deployment);
  int restarts = 0;
  for (const auto& pod : pods) {
    if (auto crash = crash_of(pod); !crash.empty()) return crash;
    const auto [first, is_new] = restarts_.emplace(rollout::uid_of(pod), rollout::restarts_of(pod));
    restarts += rollout::restarts_of(pod) - first->second;
  }
  if (restarts > kRestarts) return fmt::format("{} restarts of '{}' since the switch", restarts, move_.deployment);
  return "";
}

bool PodMonitor::has_lost_all() const { return unready_looks_ >= kUnreadyLooks; }

std::string PodMonitor::smoke() {
  for (const auto& finding : rollout::smoke(world_.context, rollout::find_service(world_.context), ready_)) {
    auto& failures = failures_[finding.id];
    failures = finding.outcome == Outcome::fail ? failures + 1 : 0;
    if (failures >= kSmokeLooks) return finding.message;
  }
  return "";
}

}  // namespace baton::cutover
