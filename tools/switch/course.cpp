// From a course to the step's result.
#include "tools/switch/course.h"

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/core/units.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"

namespace baton::cutover {
namespace {

/// Null when the Deployment is not there.
Json colour_state(Passage& passage, const std::string& colour, const std::string& deployment) {
  const auto found = passage.kube.find(kube::kDeployments, deployment, passage.context.stop);
  if (!found) return Json();
  const auto ready = rollout::ready_pods(rollout::owned_pods(passage.context, *found)).size();
  return Json::object(
      {{"colour", colour}, {"deployment", deployment}, {"replicas", rollout::replicas_of(*found)}, {"ready", ready}});
}

}  // namespace

Json state_of(Passage& passage, const Course& course) {
  const auto& move = course.move;
  const auto before = colour_state(passage, move.previous_colour, move.previous_deployment);
  auto state = Json::object({{"move", rollout::to_json(move)},
                             {"new", colour_state(passage, move.colour, move.deployment)},
                             {"old", before},
                             {"rollback_ready", before["ready"].integer_or(0)},
                             {"times", course.times},
                             {"proved_from", course.proved_from}});
  if (course.baseline) state["baseline"] = judge::to_json(*course.baseline);
  if (!course.session.is_null()) state["session"] = course.session;
  if (course.residual) state["residual_per_second"] = number_text(*course.residual);
  return state;
}

StepResult result_of(Passage& passage, const Course& course, Verdict verdict, std::string summary) {
  auto findings = course.findings;
  findings.insert(findings.end(), course.judged.begin(), course.judged.end());
  return {.verdict = verdict,
          .findings = std::move(findings),
          .state = state_of(passage, course),
          .evidence = course.evidence,
          .artifacts = course.artifacts,
          .summary = std::move(summary)};
}

}  // namespace baton::cutover
