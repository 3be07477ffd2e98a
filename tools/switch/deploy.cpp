// Bringing up the next colour.
#include "tools/switch/deploy.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/rollout/acts.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/size.h"
#include "common/rollout/smoke.h"
#include "common/rollout/wanted.h"
#include "common/rollout/wearers.h"
#include "tools/switch/live_guard.h"

namespace baton::cutover {
namespace {

constexpr Duration kSettled = std::chrono::seconds(1);

rollout::Readiness ready_with(World& world, const rollout::Move& move, int replicas) {
  return rollout::await_ready(world.context, {.deployment = move.deployment,
                                              .image = rollout::pinned_image(world.env.config, move.digest),
                                              .replicas = replicas,
                                              .limit = world.env.config.rollout().ready_timeout,
                                              .settled = kSettled});
}

int live_size(World& world, const rollout::Move& move) {
  const auto live = world.kube.find(kube::kDeployments, move.previous_deployment, world.context.stop);
  return live ? rollout::replicas_of(*live) : 0;
}

bool smoke_all(World& world, Attempt& attempt, const std::vector<Json>& pods) {
  const auto service = rollout::find_service(world.context);
  const auto findings = rollout::smoke(world.context, service, pods);
  attempt.findings.insert(attempt.findings.end(), findings.begin(), findings.end());
  const auto failed = std::ranges::find(attempt.findings, Outcome::fail, &Finding::outcome);
  if (failed == attempt.findings.end()) return true;
  std::rotate(failed, failed + 1, attempt.findings.end());
  return false;
}

}  // namespace

bool bring_up(World& world, rollout::Lease& lease, Attempt& attempt, const Json& wanted) {
  auto& move = attempt.move;
  auto replicas = rollout::replicas_of(wanted);
  const rollout::Acting acting{.context = world.context, .lease = lease, .move = move, .wanted = wanted};
  rollout::perform(rollout::adoption(), acting);
  LiveGuard guard(world, lease, move);
  rollout::perform(rollout::arrival(), acting);
  world.context.say(fmt::format("{} deployment created ({})", colour_title(move), count_text(replicas, "replica")));
  auto readiness = ready_with(world, move, replicas);
  // Whoever scaled what serves meanwhile scaled it for the traffic that comes over now.
  for (int size = live_size(world, move); readiness.is_ready && size > replicas; size = live_size(world, move)) {
    world.context.say(fmt::format("{} has {} by now: {} follows", move.previous_deployment, count_text(size, "replica"),
                                  move.colour));
    replicas = size;
    lease.check();
    rollout::raise_to(world.context, move.deployment, replicas);
    readiness = ready_with(world, move, replicas);
  }
  attempt.findings.push_back(readiness.finding);
  if (!readiness.is_ready) return false;
  world.context.say(fmt::format("All {} pods ready ({}/{})", move.colour, readiness.pods.size(), replicas));
  const bool has_passed = smoke_all(world, attempt, readiness.pods);
  if (!world.env.config.rollout().smoke.empty()) {
    world.context.say(fmt::format("Smoke tests on {}: {}", move.colour, has_passed ? "PASS" : "FAIL"));
  }
  guard.look();
  return has_passed;
}

}  // namespace baton::cutover
