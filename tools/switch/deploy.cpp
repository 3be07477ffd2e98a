// Bringing up the next colour.
#include "tools/switch/deploy.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/rollout/adopt.h"
#include "common/rollout/conflict.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/smoke.h"
#include "common/rollout/wanted.h"

namespace baton::cutover {
namespace {

constexpr Duration kSettled = std::chrono::seconds(1);

void bring_in(World& world, const rollout::Lease& lease, const Json& wanted) {
  rollout::until_not_lost([&] {
    const auto existing = world.kube.find(kube::kDeployments, rollout::name_of(wanted), world.context.stop);
    lease.check();
    rollout::write_deployment(world.context, existing, wanted, kube::Write::stored);
  });
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
  const auto& move = attempt.move;
  const auto replicas = rollout::replicas_of(wanted);
  rollout::adopt(world.context, lease, move);
  bring_in(world, lease, wanted);
  world.context.say(fmt::format("{} deployment created ({})", colour_title(move), count_text(replicas, "replica")));
  auto readiness = rollout::await_ready(world.context, {.deployment = move.deployment,
                                                        .image = rollout::pinned_image(world.env.config, move.digest),
                                                        .replicas = replicas,
                                                        .limit = world.env.config.rollout().ready_timeout,
                                                        .settled = kSettled});
  attempt.findings.push_back(readiness.finding);
  if (!readiness.is_ready) return false;
  world.context.say(fmt::format("All {} pods ready ({}/{})", move.colour, readiness.pods.size(), replicas));
  const bool has_passed = smoke_all(world, attempt, readiness.pods);
  if (!world.env.config.rollout().smoke.empty()) {
    world.context.say(fmt::format("Smoke tests on {}: {}", move.colour, has_passed ? "PASS" : "FAIL"));
  }
  return has_passed;
}

}  // namespace baton::cutover
