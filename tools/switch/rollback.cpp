// Standing down and rolling back.
#include "tools/switch/rollback.h"

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/io/wait.h"
#include "common/rollback/rollback.h"
#include "common/rollout/acts.h"
#include "common/rollout/evidence.h"
#include "common/rollout/lease.h"
#include "common/rollout/recorded_move.h"
#include "common/rollout/serving.h"
#include "common/step/announce.h"
#include "common/step/taken_evidence.h"
#include "tools/switch/baseline.h"
#include "tools/switch/downtime.h"

namespace baton::cutover {
namespace {

constexpr Duration kTakeOver = std::chrono::seconds(10);     // from taking the Lease to writing down why
constexpr Duration kHandRollback = std::chrono::minutes(3);  // its own waits for pods, proof and drain included

std::vector<std::string> next_steps(const Attempt& attempt) {
  return {"Read post-rollback-analysis-" + attempt.move.version + ".md and the evidence beside it.",
          "Find the root cause: new code, configuration, a migration, or resource limits.",
          "Fix it, test it on staging, and deploy a new image; this digest is refused until --retry-failed-digest."};
}

rollback::Request request_for(World& world, const Attempt& attempt, const std::string& reason, const std::string& by) {
  return {.context = world.context,
          .move = attempt.move,
          .store = world.store ? &*world.store : nullptr,
          .baseline = attempt.baseline ? &*attempt.baseline : nullptr,
          .reason = reason,
          .by = by,
          .findings = findings_of(attempt),
          .onset = attempt.onset,
          .folder = world.env.dir};
}

/// What stopped the deployment comes first, also where it cannot be taken back.
void take_back(World& world, rollout::Move& move, const Finding& cause) {
  try {
    rollout::abandon(world.context, *world.context.lease, move);
  } catch (const Error& error) {
    if (cause.message == error.what()) throw;
    throw Error(error.code(), cause.message + "; what was begun could not be taken back either: " + error.what(),
                error.hint());
  }
}

}  // namespace

StepResult abort_before_switch(World& world, Attempt& attempt) {
  const auto failed = attempt.findings.back();
  auto& move = attempt.move;
  rollout::save_evidence(world.context, move, world.evidence_folder());
  attempt.evidence = taken_evidence(world.env.dir, attempt.move.digest);
  if (!move.rolled) take_back(world, move, failed);  // a rolling update had not begun
  world.context.lease->remember(
      {.id = move.id, .version = move.version, .digest = move.digest, .steps = Json::object({{"switch", "stop"}})});
  const auto text = fmt::format("Deployment {} stopped before any traffic was switched, {}: {}", move.version,
                                rollout::who_serves(world.context), failed.message);
  world.context.say(text);
  page(world.env, "switch-stopped", "Deployment of " + move.version + " stopped", text);
  auto result = result_of(world, attempt, Verdict::stop, text);
  result.recovery = failed.recovery;
  return result;
}

StepResult stand_down(World& world, Attempt& attempt, const Error& error, Finding finding) {
  const auto* answer = dynamic_cast<const kube::ApiError*>(&error);
  const bool is_no = error.code() == ExitCode::stop || (answer != nullptr && answer->refuses_object());
  finding.critical = true;
  finding.outcome = is_no ? Outcome::fail : Outcome::unknown;
  finding.message = error.what();
  if (!error.hint().empty()) finding.recovery = {error.hint()};
  attempt.findings.push_back(std::move(finding));
  auto result = abort_before_switch(world, attempt);
  if (!is_no) result.verdict = Verdict::unknown;
  return result;
}

StepResult roll_back(World& world, Attempt& attempt, const std::string& reason, const std::string& by) {
  // Traffic waits for it: a store that is slow to answer is left alone.
  if (!attempt.baseline) attempt.baseline = baseline_for(world, attempt.move, std::chrono::seconds(2));
  page(world.env, "switch-rolling-back", "ROLLBACK: " + world.context.app + " " + attempt.move.version, reason);
  const auto done = rollback::roll_back(request_for(world, attempt, reason, by));
  page(world.env, "switch-rollback-ended", "Rollback of " + attempt.move.version,
       done.message + (done.recovery.empty() ? "" : "\n" + join(done.recovery, "\n")));
  attempt.findings.insert(attempt.findings.end(), done.findings.begin(), done.findings.end());
  attempt.times["rollback"] = done.times;
  attempt.artifacts.insert(attempt.artifacts.end(), done.artifacts.begin(), done.artifacts.end());
  if (const auto recorded = rollout::recorded_move(world.context)) attempt.move = *recorded;
  attempt.evidence = taken_evidence(world.env.dir, attempt.move.digest);
  measure_downtime(world, attempt);
  auto result = result_of(
      world, attempt, done.verdict,
      fmt::format("{} {} {}\nWhy: {} (by {})", world.context.app, attempt.move.version, done.message, reason, by));
  result.recovery = done.recovery.empty() ? next_steps(attempt) : done.recovery;
  return result;
}

std::optional<rollout::Move> undone_by_another(rollout::Context& context) {
  Wait wait(context.patience(), "the rollback that took over", kHandRollback);
  for (;;) {
    auto recorded = rollout::recorded_move(context);
    if (recorded && recorded->id != context.id) return std::nullopt;  // a newer deployment, no rollback
    const bool is_being_undone = recorded && rollout::is_turned_back(recorded->phase);
    if (is_being_undone && recorded->phase == rollout::Phase::undone) return recorded;
    if (wait.elapsed() > (is_being_undone ? kHandRollback : kTakeOver)) return std::nullopt;
    wait.pause(std::chrono::milliseconds(200));
  }
}

}  // namespace baton::cutover
