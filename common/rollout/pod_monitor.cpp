// The monitor over the new colour's pods.
#include "common/rollout/pod_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/smoke.h"
#include "common/rollout/trouble.h"

namespace baton::rollout {
namespace {

constexpr int kUnreadyLooks = 2;
constexpr int kRestarts = 1;    // one restart may be the node's; a second one is the release's
constexpr int kSmokeLooks = 3;  // decisions 34

std::string crash_of(const Json& pod) {
  for (const auto& trouble : troubles_of_pod(pod)) {
    if (trouble.reason == "CrashLoopBackOff" || trouble.reason == "OOMKilled") {
      return fmt::format("container '{}' of pod '{}': {}", trouble.container, trouble.pod, trouble.reason);
    }
  }
  return "";
}

}  // namespace

std::string PodMonitor::look() {
  const auto deployment = context_.kube.find(kube::kDeployments, move_.deployment, context_.stop);
  const auto pods = deployment ? owned_pods(context_, *deployment) : std::vector<Json>{};
  ready_ = ready_pods(pods);
  names_ = names_of(pods);
  unready_looks_ = ready_.empty() ? unready_looks_ + 1 : 0;
  restarts_ = 0;
  for (const auto& pod : pods) {
    const auto first = first_restarts_.emplace(uid_of(pod), from_ == RestartsFrom::birth ? 0 : restarts_of(pod)).first;
    restarts_ += restarts_of(pod) - first->second;
  }
  if (has_lost_all()) return fmt::format("no pod of '{}' is ready", move_.deployment);
  for (const auto& pod : pods) {
    if (auto crash = crash_of(pod); !crash.empty()) return crash;
  }
  return "";
}

std::string PodMonitor::restarts() const {
  return restarts_ > kRestarts ? fmt::format("{} restarts of '{}' since the switch", restarts_, move_.deployment) : "";
}

bool PodMonitor::has_lost_all() const { return unready_looks_ >= kUnreadyLooks; }

std::string PodMonitor::smoke() {
  for (const auto& finding : rollout::smoke(context_, find_service(context_), ready_)) {
    auto& failures = failures_[finding.id];
    failures = finding.outcome == Outcome::fail ? failures + 1 : 0;
    if (failures >= kSmokeLooks) return finding.message;
  }
  return "";
}

bool PodMonitor::is_smoke_open() const {
  return std::ranges::any_of(failures_,
                             [](const auto& entry) { return entry.second > 0 && entry.second < kSmokeLooks; });
}

}  // namespace baton::rollout
