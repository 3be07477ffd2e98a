// The baseline of a move.
#include "tools/switch/baseline.h"

#include "common/io/stop_after.h"
#include "common/io/wait.h"
#include "common/judge/baseline.h"
#include "common/rollback/scope.h"

namespace baton::cutover {
namespace {

std::optional<judge::Baseline> baseline_of_precheck(const View& env) {
  const auto* precheck = find_step(env.earlier, "precheck");
  const auto* baseline = precheck == nullptr ? nullptr : precheck->state.find("baseline");
  return baseline == nullptr ? std::nullopt : std::optional(judge::baseline_from_json(*baseline));
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

}  // namespace baton::cutover
