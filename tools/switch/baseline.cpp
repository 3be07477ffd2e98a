// The baseline of a move.
#include "tools/switch/baseline.h"

#include <algorithm>

#include "common/config/sections/metrics.h"
#include "common/io/stop_after.h"
#include "common/io/wait.h"
#include "common/judge/baseline.h"
#include "common/rollback/scope.h"
#include "common/rollout/acts.h"
#include "common/rollout/pods.h"

namespace baton::cutover {
namespace {

std::optional<judge::Baseline> baseline_of_precheck(const View& env) {
  const auto* precheck = find_step(env.earlier, "precheck");
  const auto* baseline = precheck == nullptr ? nullptr : precheck->state.find("baseline");
  return baseline == nullptr ? std::nullopt : std::optional(judge::baseline_from_json(*baseline));
}

/// The old colour's ready pods that are no older than the canary's oldest one.
std::vector<std::string> controls_of(World& world, const rollout::Move& move) {
  const auto canaries = ready_pods_of(world, move);
  if (canaries.empty()) return {};
  const auto born = rollout::created_at(std::ranges::min(canaries, {}, rollout::created_at));
  std::vector<std::string> names;
  for (const auto& pod : ready_pods_of(world, move.previous_deployment)) {
    if (rollout::created_at(pod) >= born) names.push_back(rollout::name_of(pod));
  }
  return names;
}

}  // namespace

void record_baseline(rollout::Move& move, const std::optional<judge::Baseline>& baseline) {
  move.baseline = baseline ? judge::to_json(*baseline) : Json();
}

std::optional<judge::Baseline> baseline_for(World& world, const rollout::Move& move, Duration limit) {
  if (!world.store) return std::nullopt;
  if (auto recorded = rollback::recorded_baseline(move)) return recorded;
  const auto at = move.patched_at.value_or(world.env.clock.now());
  const StopAfter timed(limit, world.env.stop);
  try {
    const auto scope = rollback::scope_of(world.context, move, rollback::Side::before);
    const auto measured = judge::measure_baseline(*world.store, world.env.config, scope, at, timed.token());
    if (measured.find(judge::kErrorRate) != nullptr) return measured;
    return baseline_of_precheck(world.env).value_or(measured);
  } catch (const Error& error) {
    require_running(world.context.stop);
    world.env.log.warning(std::string("the baseline could not be measured: ") + error.what());
    return baseline_of_precheck(world.env);
  }
}

void have_control(World& world, rollout::Lease& lease, rollout::Move& move) {
  if (!world.store) return;
  try {
    rollout::perform(rollout::sharing(), {.context = world.context, .lease = lease, .move = move});
  } catch (const kube::ApiError& error) {
    world.env.log.warning(std::string("the canary has no control: ") + error.what());
  }
}

std::optional<judge::Baseline> control_for(World& world, const rollout::Move& move, Time since) {
  try {
    auto scope = rollback::scope_of(world.context, move, rollback::Side::before);
    scope.pods = controls_of(world, move);
    const auto now = world.env.clock.now();
    if (scope.pods.empty() || now - world.env.config.metrics().lag <= since) return std::nullopt;
    return judge::measure_baseline(*world.store, world.env.config, scope, now, now - since, world.env.stop);
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return std::nullopt;
  }
}

}  // namespace baton::cutover
