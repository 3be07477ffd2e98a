// Standing down and rolling back.
#include "tools/switch/retreat.h"

#include <fmt/format.h>

#include "common/cli/announce.h"
#include "common/core/text.h"
#include "common/rollout/adopt.h"
#include "common/rollout/evidence.h"
#include "tools/switch/analysis.h"
#include "tools/switch/recovery.h"

namespace baton::cutover {
namespace {

void tell(Passage& passage, const rollout::Move& move, const std::string& event, const std::string& subject,
          const std::string& text) {
  announce(passage.env, Audience::incident,
           {.subject = subject,
            .text = text,
            .event = event,
            .facts = Json::object({{"app", passage.context.app}, {"release", move.version}, {"id", move.id}}),
            .key = event});
}

Finding recovery_finding(const judge::Recovery& recovery) {
  Finding finding{.id = "rollback-verified", .sop = "rollback", .title = "Error rate and P95 are back at the baseline"};
  finding.message = recovery.reason;
  switch (recovery.state) {
    case judge::Recovery::State::back:
      finding.outcome = Outcome::pass;
      break;
    case judge::Recovery::State::not_back:
      finding.outcome = Outcome::fail;
      break;
    case judge::Recovery::State::inconclusive:
      finding.outcome = Outcome::unknown;
      break;
  }
  return finding;
}

/// Traffic is back; whether health is back decides between 4 and 5.
std::string judge_health(Passage& passage, Course& course, Verdict& verdict) {
  const auto recovery = verify_recovery(passage, course);
  course.findings.push_back(recovery_finding(recovery));
  course.findings.insert(course.findings.end(), recovery.findings.begin(), recovery.findings.end());
  if (recovery.state == judge::Recovery::State::not_back) verdict = Verdict::rollback_failed;
  return recovery.reason.empty() ? "error rate and P95 are back at the baseline" : recovery.reason;
}

std::vector<std::string> next_steps(const Course& course) {
  return {"Read post-rollback-analysis-" + course.move.version + ".md and the evidence beside it.",
          "Find the root cause: new code, configuration, a migration, or resource limits.",
          "Fix it, test it on staging, and deploy a new image; this digest is refused until --retry-failed-digest."};
}

}  // namespace

StepResult stand_down(Passage& passage, rollout::Lease& lease, Course& course) {
  const auto failed = course.findings.back();
  add_evidence(passage, course,
               rollout::save_evidence(passage.context, course.move.deployment, passage.evidence_folder()));
  rollout::abandon(passage.context, lease, course.move);
  lease.remember({.id = course.move.id,
                  .version = course.move.version,
                  .digest = course.move.digest,
                  .steps = Json::object({{"switch", "stop"}})});
  const auto text =
      fmt::format("Deployment {} stopped before any traffic was switched: {}", course.move.version, failed.message);
  passage.context.say(text);
  tell(passage, course.move, "switch-stopped", "Deployment of " + course.move.version + " stopped", text);
  auto result = result_of(passage, course, Verdict::stop, text);
  result.recovery = failed.recovery;
  return result;
}

StepResult roll_back(Passage& passage, std::optional<rollout::Lease>& lease, Course& course,
                     const rollout::UndoOrder& order) {
  auto undone = rollout::put_back(passage.context, *lease, course.move, order);
  const bool is_back = undone.verdict == Verdict::rolled_back;
  lease->remember({.id = course.move.id,
                   .version = course.move.version,
                   .digest = course.move.digest,
                   .steps = Json::object({{"switch", verdict_name(undone.verdict)}})});
  if (const auto recorded = rollout::recorded_move(passage.context)) course.move = *recorded;
  lease.reset();
  course.findings.insert(course.findings.end(), undone.findings.begin(), undone.findings.end());
  course.times["rollback"] = undone.times;
  auto text = fmt::format("Deployment {} rolled back: {}. {}", course.move.version, order.reason, undone.message);
  if (!is_back) text = undone.message;
  tell(passage, course.move, is_back ? "switch-rolled-back" : "switch-rollback-failed",
       (is_back ? "ROLLBACK: " : "ROLLBACK FAILED: ") + course.move.version, text);
  if (is_back) text += "; " + judge_health(passage, course, undone.verdict);
  passage.context.say(text);
  write_analysis(passage, course, undone, order.reason, order.by);
  auto result = result_of(passage, course, undone.verdict, text);
  result.recovery = next_steps(course);
  return result;
}

}  // namespace baton::cutover
