// The monitor over the new colour's pods.
#include "common/rollout/pod_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/smoke.h"
#include "common/rollout/trouble.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

constexpr int kUnreadyLooks = 2;
constexpr int kRestarts = 1;                            // one restart may be the node's; a second one is the release's
constexpr int kSmokeLooks = 3;                          // decisions 34
constexpr Duration kUnready = std::chrono::minutes(2);  // a pod that the autoscaler has just made may take as long

std::string crash_of(const Json& pod) {
  for (const auto& trouble : troubles_of_pod(pod)) {
    if (trouble.reason == "CrashLoopBackOff" || trouble.reason == "OOMKilled") {
      return fmt::format("container '{}' of pod '{}': {}", trouble.container, trouble.pod, trouble.reason);
    }
  }
  return "";
}

/// It runs again by now, or waits to.
std::string oom_kill_of(const Json& pod) {
  for (const auto& container : pod["status"]["containerStatuses"].items_or_none()) {
    if (container["lastState"]["terminated"]["reason"].string_or("") == "OOMKilled")
      return fmt::format("container '{}' of pod '{}' was OOM killed", container["name"].string_or(""), name_of(pod));
  }
  return "";
}

/// Since when the pod is not ready; nothing: it is, or has ended or been evicted, or does not say.
std::optional<Time> unready_since(const Json& pod) {
  const auto phase = pod["status"]["phase"].string_or("");
  if (is_terminating(pod) || phase == "Succeeded" || phase == "Failed") return std::nullopt;
  for (const auto& condition : pod["status"]["conditions"].items_or_none()) {
    if (condition["type"].string_or("") == "Ready" && condition["status"].string_or("") == "False")
      return parse_rfc3339(condition["lastTransitionTime"].string_or(""));
  }
  return std::nullopt;
}

}  // namespace

void PodMonitor::see(Seen& seen, const Json& pod, Time now) {
  seen.names.insert(named_as(pod));
  const auto first = first_restarts_.emplace(uid_of(pod), from_ == RestartsFrom::birth ? 0 : restarts_of(pod)).first;
  const int restarts = restarts_of(pod) - first->second;
  seen.restarts += restarts;
  if (restarts > 0 && seen.killed.empty()) seen.killed = oom_kill_of(pod);
  const auto since = unready_since(pod);
  if (since && now - *since >= kUnready && seen.unready.empty())
    seen.unready = fmt::format("pod '{}' has not been ready since {}", name_of(pod), to_rfc3339(*since));
  if (seen.crash.empty()) seen.crash = crash_of(pod);
  if (serves(pod)) seen.ready.push_back(core_of(pod));
}

std::string PodMonitor::look() {
  Seen seen;
  const PodVisitor visitor{.begin = [&] { seen = {}; },
                           .take = [&](const Json& pod) { see(seen, pod, context_.clock.now()); }};
  if (const auto workload = find_workload(context_, move_)) visit_pods(context_, *workload, visitor);
  seen_ = std::move(seen);
  unready_looks_ = seen_.ready.empty() ? unready_looks_ + 1 : 0;
  return has_lost_all() ? fmt::format("no pod of '{}' is ready", move_.deployment) : seen_.crash;
}

std::string PodMonitor::restarts() const {
  if (!seen_.killed.empty()) return seen_.killed;
  if (seen_.restarts <= kRestarts) return "";
  return fmt::format("{} restarts of '{}' since the switch", seen_.restarts, move_.deployment);
}

bool PodMonitor::has_lost_all() const { return unready_looks_ >= kUnreadyLooks; }

std::string PodMonitor::smoke() {
  for (const auto& finding : rollout::smoke(context_, find_service(context_), seen_.ready)) {
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
