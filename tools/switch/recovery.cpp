// Health after a rollback, and what health was before.
#include "tools/switch/recovery.h"

#include <algorithm>

#include "common/rollout/waiting.h"

namespace baton::cutover {
namespace {

bool has_values(const judge::Baseline& baseline) {
  const auto rate = baseline.metrics.find("error_rate");
  return rate != baseline.metrics.end() && rate->second.value.has_value();
}

std::optional<judge::Baseline> baseline_of_precheck(const Env& env) {
  for (const auto& handoff : env.earlier) {
    if (const auto* baseline = handoff.state.find("baseline")) return judge::baseline_from_json(*baseline);
  }
  return std::nullopt;
}

}  // namespace

std::optional<judge::Baseline> baseline_for(Passage& passage, const rollout::Move& move) {
  if (!passage.store) return std::nullopt;
  const auto at = move.patched_at.value_or(passage.env.clock.now());
  try {
    const auto measured = judge::measure_baseline(*passage.store, passage.env.config,
                                                  scope_of(passage, move, Side::before), at, passage.env.stop);
    if (has_values(measured)) return measured;
    return baseline_of_precheck(passage.env).value_or(measured);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    passage.env.log.warning(std::string("the baseline could not be measured: ") + error.what());
    return baseline_of_precheck(passage.env);
  }
}

judge::Recovery verify_recovery(Passage& passage, Course& course) {
  if (!passage.store) return {.reason = "baseline inconclusive: no metrics are configured"};
  if (!course.baseline) course.baseline = baseline_for(passage, course.move);
  if (!course.baseline) return {.reason = "baseline inconclusive: there is none from before the switch"};
  auto& clock = passage.env.clock;
  const auto from = course.move.undone_at.value_or(clock.now());
  const auto length = passage.env.config.rollout.verify_rollback;
  for (auto passed = clock.now() - from; passed < length; passed = clock.now() - from) {
    passage.context.progress("error rate and P95 to be back at the baseline", passed, length);
    clock.sleep_for(std::min<Duration>(std::chrono::seconds(1), length - passed), passage.env.stop);
    rollout::require_running(passage.context);
  }
  return judge::judge_recovery(*passage.store, passage.env.config, *course.baseline,
                               scope_of(passage, course.move, Side::before), from, from + length, passage.env.stop);
}

}  // namespace baton::cutover
