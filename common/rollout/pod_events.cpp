// Events, read with care: they outlive what they tell of, and other components write them about every pod.
#include "common/rollout/pod_events.h"

#include <algorithm>
#include <string_view>

#include "common/io/wait.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

// The kubelet tries again after 0.5, 1, 2, 4 s: a cache that was not filled yet is over by then, and with the patience
// what is missing has had the time that a missing ConfigMap has.
constexpr std::int64_t kTries = 4;

struct StuckRule {
  std::string_view reason;
  Duration patience;
};
// A volume of a node that went away is detached after six minutes: that is worth the user's own ready_timeout.
constexpr StuckRule kStuck[] = {{"FailedMount", 5s}, {"FailedCreatePodSandBox", 30s}};
// Volumes come first: after these all is mounted.
constexpr std::string_view kLater[] = {"Pulling", "Pulled", "Created", "Started"};

/// Which events tell why a container is where it is.
struct Telling {
  std::string_view trouble;
  std::string_view event;
  std::string_view begins;
};
constexpr Telling kTelling[] = {
    {"NotReady", "Unhealthy", ""},
    {"ProgressDeadlineExceeded", "Unhealthy", ""},
    {"Restarts", "Unhealthy", "Liveness"},
    {"Restarts", "Unhealthy", "Startup"},
    {"Restarts", "FailedPostStartHook", ""},
    {"CrashLoopBackOff", "Unhealthy", "Liveness"},
    {"CrashLoopBackOff", "Unhealthy", "Startup"},
    {"CrashLoopBackOff", "FailedPostStartHook", ""},
};

/// RFC 3339 of one form sorts as it is.
std::string time_of(const Json& event) {
  for (const auto* member : {"lastTimestamp", "eventTime", "firstTimestamp"}) {
    if (auto time = event[member].string_or(""); !time.empty()) return time;
  }
  return "";
}

std::int64_t count_of(const Json& event) {
  return std::max(event["count"].integer_or(1), event["series"]["count"].integer_or(1));
}

}  // namespace

std::vector<Json> events_about(Context& context, const std::string& pod) {
  try {
    auto events = context.kube.list(kube::kEvents, {.fields = "involvedObject.name=" + pod}, context.stop);
    std::ranges::stable_sort(events, {}, time_of);
    return events;
  } catch (const Error&) {
    require_running(context.stop);
    return {};
  }
}

bool is_before_start(const Json& pod) {
  const auto waits = [](const Json& status) {
    const auto reason = status["state"]["waiting"]["reason"].string_or("");
    return reason == "ContainerCreating" || reason == "PodInitializing";
  };
  const auto& containers = pod["status"]["containerStatuses"].items_or_none();
  return !containers.empty() && std::ranges::all_of(containers, waits);
}

std::optional<Trouble> stuck_before_start(const Json& pod, const std::vector<Json>& events) {
  if (!is_before_start(pod)) return std::nullopt;
  for (const auto& event : events) {
    if (std::ranges::find(kLater, event["reason"].string_or("")) != std::end(kLater)) return std::nullopt;
  }
  for (const auto& event : events) {
    const auto reason = event["reason"].string_or("");
    const auto rule = std::ranges::find(kStuck, reason, &StuckRule::reason);
    if (rule == std::end(kStuck) || count_of(event) < kTries) continue;
    return Trouble{
        .pod = name_of(pod), .reason = reason, .message = event["message"].string_or(""), .patience = rule->patience};
  }
  return std::nullopt;
}

std::string told_by(const std::vector<Json>& events, const Trouble& trouble) {
  const auto tells = [&](const Json& event) {
    const auto reason = event["reason"].string_or("");
    const auto message = event["message"].string_or("");
    return std::ranges::any_of(kTelling, [&](const Telling& one) {
      return one.trouble == trouble.reason && one.event == reason && message.starts_with(one.begins);
    });
  };
  const auto newest = std::find_if(events.rbegin(), events.rend(), tells);
  return newest == events.rend() ? "" : (*newest)["message"].string_or("");
}

}  // namespace baton::rollout
