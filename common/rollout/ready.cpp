// Waiting for ready pods.
#include "common/rollout/ready.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/wait.h"
#include "common/rollout/log_tail.h"
#include "common/rollout/next.h"
#include "common/rollout/pod_events.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPause = 250ms;
constexpr Duration kEventsEvery = 5s;
const Trouble kDeleted{.reason = "Deleted", .message = "it is not there any more: somebody deleted it"};

/// What a status counts.
struct Counts {
  std::string_view there;
  std::string_view updated;
  std::string_view available;
};
constexpr Counts kOfReplicas{"replicas", "updatedReplicas", "availableReplicas"};
constexpr Counts kOfDaemonSet{"currentNumberScheduled", "updatedNumberScheduled", "numberAvailable"};

struct Sight {
  Json deployment;          ///< null where it is not there
  std::vector<Json> pods;   ///< those of the image asked for that do not serve, or are in trouble
  std::vector<Json> ready;  ///< of the image asked for
};

Sight look(Context& context, const ReadyRequest& request) {
  auto found = context.kube.find(workloads_of(request.kind), request.deployment, context.stop);
  if (!found) return {};
  Sight sight{.deployment = std::move(*found)};
  const auto begin = [&] {
    sight.pods.clear();
    sight.ready.clear();
  };
  const auto take = [&](Json pod) {
    // What another image's pods suffer from is what a rolling update, or the way back from one, takes away.
    if (!request.image.empty() && !runs_image(pod, request.image)) return;
    if (serves(pod)) sight.ready.push_back(core_of(pod));
    if (!serves(pod) || !troubles_of_pod(pod).empty()) sight.pods.push_back(std::move(pod));
  };
  visit_pods(context, sight.deployment, {.begin = begin, .take = take});
  return sight;
}

/// Of the first pod that waits for its volumes: the others wait for the same ones. Asked for now and then.
class EventWatch {
 public:
  std::optional<Trouble> look(Context& context, const std::vector<Json>& pods, Duration now) {
    const auto stuck = std::ranges::find_if(pods, is_before_start);
    if (stuck == pods.end()) return std::nullopt;
    if (asked_ && now - *asked_ < kEventsEvery) return last_;
    // Most pods need no longer than this for their volumes: nobody is asked about them.
    if (asked_) last_ = stuck_before_start(*stuck, events_about(context, name_of(*stuck)));
    asked_ = now;
    return last_;
  }

 private:
  std::optional<Duration> asked_;
  std::optional<Trouble> last_;
};

/// Remembers since when each sign has been seen, and what told most of it: a sign that goes away starts anew.
class TroubleWatch {
 public:
  /// The first one that was seen for longer than its patience.
  std::optional<Trouble> outlasted(const Sight& sight, const std::optional<Trouble>& told, Duration now) {
    std::map<std::string, Sign> seen;
    std::optional<Trouble> found;
    auto troubles = all(sight);
    if (told) troubles.push_back(*told);
    for (auto& trouble : troubles) {
      const std::string sign(trouble.sign.empty() ? trouble.reason : trouble.sign);
      const auto key = trouble.pod + "/" + trouble.container + "/" + sign;
      const auto before = signs_.find(key);
      Sign now_seen = before == signs_.end() ? Sign{.since = now} : before->second;
      if (trouble.says_why || now_seen.why.empty()) now_seen.why = trouble.message;
      trouble.message = now_seen.why;
      if (!found && now - now_seen.since >= trouble.patience) found = trouble;
      seen.emplace(key, std::move(now_seen));
    }
    signs_ = std::move(seen);
    return found;
  }

 private:
  static std::vector<Trouble> all(const Sight& sight) {
    auto troubles = troubles_of_deployment(sight.deployment);
    for (const auto& pod : sight.pods) {
      if (is_terminating(pod)) continue;
      const auto own = troubles_of_pod(pod);
      troubles.insert(troubles.end(), own.begin(), own.end());
    }
    return troubles;
  }

  struct Sign {
    Duration since{};
    std::string why = {};
  };
  std::map<std::string, Sign> signs_;
};

Finding finding_for(const ReadyRequest& request) {
  return {.id = "pods-ready",
          .sop = "2c.1",
          .title = "All pods of the new colour are ready",
          .critical = true,
          .expected = fmt::format("{} ready", request.replicas)};
}

/// The pod that is furthest from ready; nothing where none is on its way.
const Json* unready_in(const Sight& sight) {
  const auto unready = std::ranges::find_if(
      sight.pods, [](const Json& pod) { return !is_ready(pod) && !is_terminating(pod) && !is_finished(pod); });
  return unready == sight.pods.end() ? nullptr : &*unready;
}

/// With what events tell of the cause: the probe's answer, the hook that failed.
std::string explained(Context& context, const Sight& sight, const Trouble& trouble) {
  const auto* unready = unready_in(sight);
  const auto pod = trouble.pod.empty() && unready != nullptr ? name_of(*unready) : trouble.pod;
  const auto told = pod.empty() ? "" : told_by(events_about(context, pod), trouble);
  return told.empty() ? trouble.message : fmt::format("{}: {}", trouble.message, told);
}

Readiness failed(Context& context, const ReadyRequest& request, const Sight& sight, const Trouble& trouble) {
  Readiness result{.pods = sight.ready, .finding = finding_for(request)};
  auto& finding = result.finding;
  finding.outcome = Outcome::fail;
  finding.observed = trouble.reason;
  if (!trouble.container.empty()) {
    finding.log = log_tail(context, trouble.pod, trouble.container, trouble.has_crashed);
  }
  const auto who = trouble.pod.empty() ? fmt::format("{} '{}'", workloads_of(request.kind).kind, request.deployment)
                   : trouble.container.empty()
                       ? fmt::format("pod '{}'", trouble.pod)
                       : fmt::format("container '{}' of pod '{}'", trouble.container, trouble.pod);
  constexpr std::size_t kWords = 800;  // a registry's own stand at the end of what the kubelet says
  finding.message =
      fmt::format("{}: {}: {}", who, trouble.reason, printable(explained(context, sight, trouble), kWords));
  if (!finding.log.empty()) finding.message += "; its log ends: " + finding.log.back();
  finding.recovery = recovery_for(trouble.reason, !finding.log.empty());
  return result;
}

Readiness succeeded(const ReadyRequest& request, Sight sight, Duration took) {
  Readiness result{.is_ready = true, .pods = std::move(sight.ready), .finding = finding_for(request)};
  result.finding.outcome = Outcome::pass;
  result.finding.observed = fmt::format("{}/{}", result.pods.size(), request.replicas);
  result.finding.duration_ms = took.count();
  return result;
}

bool is_done(const ReadyRequest& request, const Sight& sight) {
  const bool is_enough = static_cast<int>(sight.ready.size()) >= request.replicas;
  return is_enough && (!request.is_whole || is_rolled_out(sight.deployment));
}

Trouble too_late(const ReadyRequest& request, const Sight& sight) {
  const auto count =
      fmt::format("{} of {} ready after {}", sight.ready.size(), request.replicas, to_words(request.limit));
  const auto* unready = unready_in(sight);
  if (unready == nullptr) return {.reason = "NotReady", .message = count};
  auto trouble = not_ready(*unready);
  trouble.message = trouble.message.empty() ? count : count + ": " + trouble.message;
  return trouble;
}

}  // namespace

bool is_rolled_out(const Json& workload) {
  const auto& status = workload["status"];
  const auto& [there, updated, available] = is_daemon_set(workload) ? kOfDaemonSet : kOfReplicas;
  const auto count = [&](std::string_view what) { return status[what].integer_or(0); };
  return workload["metadata"]["generation"].integer_or(0) <= count("observedGeneration") &&
         count(updated) >= replicas_of(workload) && count(there) <= count(updated) &&
         count(available) >= count(updated) &&
         status["currentRevision"] == status["updateRevision"];  // a StatefulSet's, which says so last
}

Readiness await_ready(Context& context, const ReadyRequest& request) {
  Wait wait(context.patience(),
            fmt::format("{} of '{}' to be ready", count_text(request.replicas, "pod"), request.deployment),
            request.limit);
  TroubleWatch watch;
  EventWatch events;
  bool was_complete = false;
  Duration complete_since{};
  for (;;) {
    auto sight = look(context, request);
    if (sight.deployment.is_null()) return failed(context, request, sight, kDeleted);
    if (request.between) request.between();
    const bool is_complete = is_done(request, sight);
    if (is_complete && !was_complete) complete_since = wait.elapsed();
    was_complete = is_complete;
    if (is_complete && wait.elapsed() - complete_since >= request.settled)
      return succeeded(request, std::move(sight), wait.elapsed());
    const auto now = context.clock.monotonic();
    if (const auto trouble = watch.outlasted(sight, events.look(context, sight.pods, now), now))
      return failed(context, request, sight, *trouble);
    if (wait.is_over()) return failed(context, request, sight, too_late(request, sight));
    wait.pause(kPause, fmt::format("{} of {}", sight.ready.size(), request.replicas));
  }
}

}  // namespace baton::rollout
