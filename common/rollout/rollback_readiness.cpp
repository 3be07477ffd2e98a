// The way back, question by question.
#include "common/rollout/rollback_readiness.h"

#include <algorithm>
#include <array>

#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/way_back_questions.h"

namespace baton::rollout {
namespace {

using way_back::Answer;
using way_back::Answers;
using way_back::Look;

struct Question {
  std::string_view id;
  std::string_view title;  ///< what is true where nothing is in the way
  Answers (*ask)(Look&) = nullptr;
};
constexpr std::array kQuestions = {
    Question{"way-back-deployment", "The release before is there to go back to", way_back::deployment},
    Question{"way-back-size", "Its pods can take the traffic", way_back::size},
    Question{"way-back-image", "Its image can still be pulled", way_back::image},
    Question{"way-back-configuration", "The configuration that it names is there", way_back::configuration},
    Question{"way-back-room", "Quotas have room for its pods", way_back::room},
    Question{"way-back-autoscaler", "Its autoscaler can size it", way_back::autoscaler},
    Question{"way-back-rights", "A rollback is allowed", way_back::rights},
    Question{"way-back-credentials", "Our credentials last", way_back::credentials},
};

Answers ask(const Question& question, Look& look) try { return question.ask(look); } catch (const Error& error) {
  if (error.code() == ExitCode::interrupted) throw;
  Answer answer{.outcome = Outcome::unknown, .message = error.what()};
  if (!error.hint().empty()) answer.recovery = {error.hint()};
  return answer;
}

Finding finding_of(const Question& question, Answer answer) {
  return {.id = std::string(question.id),
          .sop = "rollback",
          .title = std::string(question.title),
          .outcome = answer.outcome,
          .observed = std::move(answer.observed),
          .message = std::move(answer.message),
          .recovery = std::move(answer.recovery)};
}

Standing with_pods(Context& context, std::optional<Json> workload) {
  Standing standing{.deployment = std::move(workload)};
  if (standing.deployment) standing.pods = owned_pods(context, *standing.deployment);
  return standing;
}

/// As put_back() counts it.
int wanted_of(const Move& move, const WayBackFacts& facts) {
  return std::max(move.replicas, facts.after.deployment ? replicas_of(*facts.after.deployment) : 0);
}

}  // namespace

Standing standing_of(Context& context, const std::string& name) {
  return with_pods(context, context.kube.find(kube::kDeployments, name, context.stop));
}

Standing standing_of(Context& context, const Move& move) { return with_pods(context, find_workload(context, move)); }

bool is_offered(Phase phase) { return phase == Phase::switching || phase == Phase::kept; }

std::vector<Finding> rollback_readiness(Context& context, const Move& move, const WayBackFacts& facts) {
  static const Json none;
  const auto& deployment = move.rolled ? facts.after.deployment : facts.before.deployment;
  Look look{.context = context,
            .move = move,
            .facts = facts,
            .deployment = deployment,
            .name = move.rolled ? move.deployment : move.previous_deployment,
            .spec = deployment ? (*deployment)["spec"]["template"]["spec"] : none,
            .wanted = wanted_of(move, facts),
            .ready = static_cast<int>(ready_pods(facts.before.pods).size())};
  look.starts_pods = move.rolled || look.ready < look.wanted;
  std::vector<Finding> findings;
  for (const auto& question : kQuestions) {
    if (auto answer = ask(question, look)) findings.push_back(finding_of(question, std::move(*answer)));
    const bool is_gone = findings.size() == 1 && findings.front().outcome == Outcome::fail;
    if (is_gone) break;
  }
  return findings;
}

std::string readiness_words(const std::vector<Finding>& findings) {
  const auto has = [&](Outcome outcome) {
    return std::ranges::find(findings, outcome, &Finding::outcome) != findings.end();
  };
  if (has(Outcome::fail)) return "not ready";
  if (has(Outcome::unknown)) return "not known in full";
  return has(Outcome::warn) ? "ready, at a risk" : "ready";
}

}  // namespace baton::rollout
