// Pace and image of what serves.
#include "common/rollout/rolling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/io/wait.h"
#include "common/rollout/change.h"
#include "common/rollout/intent.h"
#include "common/rollout/workers.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

// For so long at least a new pod must stay ready before the next live one goes: it is smoked in that time, and many
// releases crash only when their probe was answered.
constexpr std::int64_t kTrial = 5;  // seconds

std::int64_t trial_of(const Json& pace) { return pace["minReadySeconds"].integer_or(0); }

/// Of a workload's spec what says how fast its pods are replaced, as far as it is ours to say.
Json pace_of(const Json& workload) {
  const auto& spec = workload["spec"];
  auto pace = Json::object({{"minReadySeconds", trial_of(spec)}});
  if (is_deployment(workload)) pace["strategy"] = spec["strategy"];
  if (is_stateful_set(workload)) pace["updateStrategy"] = spec["updateStrategy"];
  return pace;
}

Json one_by_one(Json pace) {
  pace["minReadySeconds"] = std::max(trial_of(pace), kTrial);
  if (pace.find("strategy") != nullptr)
    pace["strategy"] = Json::object(
        {{"type", "RollingUpdate"}, {"rollingUpdate", Json::object({{"maxSurge", 1}, {"maxUnavailable", 0}})}});
  // A StatefulSet has one missing unless it says otherwise, which not every cluster lets it.
  if (std::as_const(pace)["updateStrategy"]["rollingUpdate"].find("maxUnavailable") != nullptr)
    pace["updateStrategy"]["rollingUpdate"]["maxUnavailable"] = 1;
  return pace;
}

void add_pace(Json& operations, const Json& pace) {
  for (const auto& [key, value] : pace.members()) operations.push_back(operation("add", "/spec/" + key, value));
}

void set_pace(Acting& acting) {
  change(acting.context, acting.lease, workloads_of(acting.move), acting.move.deployment,
         [](Json& operations, const Json& workload) {
           const auto now = pace_of(workload);
           if (now == one_by_one(now)) return;
           if (workload["metadata"]["annotations"].find(kPaceAnnotation) == nullptr)
             add_annotation(operations, workload, kPaceAnnotation, to_text(now));
           add_pace(operations, one_by_one(now));
         });
}

/// A pod that is not available by the new pace yet is a broken one to a DaemonSet's controller, which replaces all of
/// those at once, however many may be missed.
void await_pace(Context& context, const Move& move) {
  Wait wait(context.patience(), fmt::format("the pods of '{}' to be available by the new pace", move.deployment),
            2 * std::chrono::seconds(kTrial));
  for (;;) {
    const auto set = find_workload(context, move);
    if (!set || !is_daemon_set(*set) || wait.is_over()) return;
    const auto count = [&](std::string_view what) { return (*set)["status"][what].integer_or(0); };
    const bool is_read = count("observedGeneration") >= (*set)["metadata"]["generation"].integer_or(0);
    if (is_read && count("numberAvailable") >= replicas_of(*set)) return;
    wait.pause(std::chrono::milliseconds(250));
  }
}

void roll(Acting& acting) {
  await_pace(acting.context, acting.move);
  give_release(acting.context, acting.lease, acting.move, *acting.move.rolled);
}

void roll_back(Acting& acting) {
  const auto& move = acting.move;
  if (take_release_back(acting.context, acting.lease, move, *move.rolled)) return;
  throw Error(ExitCode::handoff,
              fmt::format("'{}' got another image meanwhile: somebody else releases, too", move.deployment),
              "Find out who deployed it, and whether it may stay.");
}

constexpr std::array kRollingActs = {
    Act{"set-pace", "have the live pods replaced one by one", set_pace,
        [](Acting& acting) { restore_pace(acting.context, acting.lease, acting.move); }},
    Act{"roll-app", "give what serves the release", roll, roll_back},
};

}  // namespace

std::span<const Act> rolling() { return kRollingActs; }

std::string pace_words(const Json& workload) {
  if (is_deployment(workload)) return "one pod more at a time and none missing";
  if (is_stateful_set(workload))
    return "one pod after another from the highest number down, each missing while it starts";
  const auto& steps = workload["spec"]["updateStrategy"]["rollingUpdate"];
  const auto said = [&](const char* key, int otherwise) {
    const auto& value = steps[key];
    return value.is_string() ? value.string() : std::to_string(value.integer_or(otherwise));
  };
  return fmt::format("as its owner set: maxUnavailable {}, maxSurge {}", said("maxUnavailable", 1),
                     said("maxSurge", 0));
}

void restore_pace(Context& context, const Lease& lease, const Move& move) {
  change(context, lease, workloads_of(move), move.deployment, [](Json& operations, const Json& workload) {
    const auto* own = workload["metadata"]["annotations"].find(kPaceAnnotation);
    if (own == nullptr) return;
    add_pace(operations, parse_json(own->string(), kPaceAnnotation));
    operations.push_back(removal("/metadata/annotations/" + kube::pointer_token(kPaceAnnotation)));
  });
}

}  // namespace baton::rollout
