// Standing down and rolling back.
#include "tools/switch/retreat.h"

#include <fmt/format.h>

#include "common/cli/announce.h"
#include "common/core/digest.h"
#include "common/recovery/recovery.h"
#include "common/rollout/adopt.h"
#include "common/rollout/evidence.h"
#include "common/rollout/lease.h"
#include "common/rollout/waiting.h"
#include "tools/switch/baseline.h"

namespace baton::cutover {
namespace {

constexpr Duration kTakeOver = std::chrono::seconds(10);     // from taking the Lease to writing down why
constexpr Duration kHandRollback = std::chrono::minutes(3);  // its own waits for pods, proof and drain included

void tell(Passage& passage, const rollout::Move& move, const std::string& event, const std::string& subject,
          const std::string& text) {
  announce(passage.env, Audience::incident,
           {.subject = subject,
            .text = text,
            .event = event,
            .facts = Json::object({{"app", passage.context.app}, {"release", move.version}, {"id", move.id}}),
            .key = event});
}

/// What the folder holds, as the handoff lists it.
void add_evidence(Passage& passage, Course& course) {
  for (const auto& path : find_files(passage.evidence_folder(), "*")) {
    course.evidence.push_back({.name = "evidence/" + path.filename().string(),
                               .kind = "cluster",
                               .sha256 = sha256_hex(read_file(path)),
                               .about = course.move.digest,
                               .produced_at = to_rfc3339(modified_at(path))});
  }
}

std::vector<std::string> next_steps(const Course& course) {
  return {"Read post-rollback-analysis-" + course.move.version + ".md and the evidence beside it.",
          "Find the root cause: new code, configuration, a migration, or resource limits.",
          "Fix it, test it on staging, and deploy a new image; this digest is refused until --retry-failed-digest."};
}

recovery::Request request_for(Passage& passage, const Course& course, const std::string& reason,
                              const std::string& by) {
  auto symptoms = course.findings;
  symptoms.insert(symptoms.end(), course.judged.begin(), course.judged.end());
  return {.context = passage.context,
          .move = course.move,
          .store = passage.store ? &*passage.store : nullptr,
          .baseline = course.baseline ? &*course.baseline : nullptr,
          .reason = reason,
          .by = by,
          .findings = std::move(symptoms),
          .onset = course.onset,
          .folder = passage.env.dir};
}

}  // namespace

StepResult stand_down(Passage& passage, Course& course) {
  const auto failed = course.findings.back();
  auto& move = course.move;
  rollout::save_evidence(passage.context, move.deployment, passage.evidence_folder());
  add_evidence(passage, course);
  rollout::abandon(passage.context, *passage.context.lease, move);
  passage.context.lease->remember(
      {.id = move.id, .version = move.version, .digest = move.digest, .steps = Json::object({{"switch", "stop"}})});
  const auto text =
      fmt::format("Deployment {} stopped before any traffic was switched: {}", move.version, failed.message);
  passage.context.say(text);
  tell(passage, move, "switch-stopped", "Deployment of " + move.version + " stopped", text);
  auto result = result_of(passage, course, Verdict::stop, text);
  result.recovery = failed.recovery;
  return result;
}

StepResult roll_back(Passage& passage, Course& course, const std::string& reason, const std::string& by) {
  // Traffic waits for it: a store that is slow to answer is left alone.
  if (!course.baseline) course.baseline = baseline_for(passage, course.move, std::chrono::seconds(2));
  tell(passage, course.move, "switch-rolling-back", "ROLLBACK: " + passage.context.app + " " + course.move.version,
       reason);
  const auto done = recovery::roll_back(request_for(passage, course, reason, by));
  tell(passage, course.move, "switch-rollback-ended", "Rollback of " + course.move.version, done.message);
  passage.context.say(fmt::format("Deployment {} rolled back: {}", course.move.version, done.message));
  course.findings.insert(course.findings.end(), done.findings.begin(), done.findings.end());
  course.times["rollback"] = done.times;
  course.artifacts.insert(course.artifacts.end(), done.artifacts.begin(), done.artifacts.end());
  if (const auto recorded = rollout::recorded_move(passage.context)) course.move = *recorded;
  add_evidence(passage, course);
  auto result = result_of(passage, course, done.verdict, reason + "\n" + done.message);
  result.recovery = next_steps(course);
  return result;
}

std::optional<rollout::Move> undone_by_another(rollout::Context& context) {
  rollout::Wait wait(context, "the rollback that took over", kHandRollback);
  for (;;) {
    auto recorded = rollout::recorded_move(context);
    const bool is_being_undone = recorded && recorded->id == context.id && recorded->phase >= rollout::Phase::undoing;
    if (is_being_undone && recorded->phase == rollout::Phase::undone) return recorded;
    if (wait.elapsed() > (is_being_undone ? kHandRollback : kTakeOver)) return std::nullopt;
    wait.pause(std::chrono::milliseconds(200));
  }
}

}  // namespace baton::cutover
