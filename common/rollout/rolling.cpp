// Pace and image of the live Deployment.
#include "common/rollout/rolling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/rollout/change.h"
#include "common/rollout/intent.h"
#include "common/rollout/workers.h"

namespace baton::rollout {
namespace {

// For so long at least a new pod must stay ready before the next live one goes: it is smoked in that time, and many
// releases crash only when their probe was answered.
constexpr std::int64_t kTrial = 5;  // seconds

std::int64_t trial_of(const Json& pace) { return pace["minReadySeconds"].integer_or(0); }

/// Of a Deployment's spec what says how fast its pods are replaced.
Json pace_of(const Json& spec) {
  return Json::object({{"strategy", spec["strategy"]}, {"minReadySeconds", trial_of(spec)}});
}

Json one_by_one(const Json& own) {
  const auto steps = Json::object({{"maxSurge", 1}, {"maxUnavailable", 0}});
  return Json::object({{"strategy", Json::object({{"type", "RollingUpdate"}, {"rollingUpdate", steps}})},
                       {"minReadySeconds", std::max(trial_of(own), kTrial)}});
}

void add_pace(Json& operations, const Json& pace) {
  for (const auto& [key, value] : pace.members()) operations.push_back(operation("add", "/spec/" + key, value));
}

void set_pace(Acting& acting) {
  change(acting.context, acting.lease, kube::kDeployments, acting.move.deployment,
         [](Json& operations, const Json& deployment) {
           const auto now = pace_of(deployment["spec"]);
           if (now == one_by_one(now)) return;
           if (deployment["metadata"]["annotations"].find(kPaceAnnotation) == nullptr)
             add_annotation(operations, deployment, kPaceAnnotation, to_text(now));
           add_pace(operations, one_by_one(now));
         });
}

void roll(Acting& acting) { give_release(acting.context, acting.lease, acting.move, *acting.move.rolled); }

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
    Act{"roll-app", "give the live Deployment the release", roll, roll_back},
};

}  // namespace

std::span<const Act> rolling() { return kRollingActs; }

void restore_pace(Context& context, const Lease& lease, const Move& move) {
  change(context, lease, kube::kDeployments, move.deployment, [](Json& operations, const Json& deployment) {
    const auto* own = deployment["metadata"]["annotations"].find(kPaceAnnotation);
    if (own == nullptr) return;
    add_pace(operations, parse_json(own->string(), kPaceAnnotation));
    operations.push_back(removal("/metadata/annotations/" + kube::pointer_token(kPaceAnnotation)));
  });
}

}  // namespace baton::rollout
