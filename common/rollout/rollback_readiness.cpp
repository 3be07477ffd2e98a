// The way back, question by question.
#include "common/rollout/rollback_readiness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/text.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/trouble.h"
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

// Longer than a pod that was evicted, or is renewed, takes to be there again.
constexpr Duration kStart = std::chrono::minutes(1);

/// One look tells no duration: the pod's age stands for it.
bool is_younger(const Json& pod, Time now, Duration age) {
  const auto created = created_at(pod);
  return created && now - *created < age;
}

/// Why it will not get ready by itself; empty: nothing is known.
std::string trouble_of(const Json& pod, Time now) {
  for (const auto& trouble : troubles_of_pod(pod)) {
    if (!is_younger(pod, now, trouble.patience))
      return fmt::format("pod '{}': {}{}", name_of(pod), trouble.reason, in_brackets(trouble.message));
  }
  return "";
}

void count(Standing& standing, const Json& pod, Time now) {
  if (is_terminating(pod)) return;
  standing.ready += is_ready(pod) ? 1 : 0;
  if (is_finished(pod)) return;
  ++standing.pods;
  if (is_ready(pod)) return;
  if (standing.trouble.empty()) standing.trouble = trouble_of(pod, now);
  standing.is_starting = standing.is_starting || is_younger(pod, now, kStart);
}

/// As put_back() counts it.
int wanted_of(const Move& move, const WayBackFacts& facts) {
  return std::max(move.replicas, facts.after.deployment ? replicas_of(*facts.after.deployment) : 0);
}

}  // namespace

Standing standing_of(Context& context, std::optional<Json> workload) {
  if (!workload) return {};
  Standing standing;
  const auto now = context.clock.now();
  visit_pods(context, *workload,
             {.begin = [&] { standing = {}; }, .take = [&](const Json& pod) { count(standing, pod, now); }});
  standing.deployment = std::move(workload);
  return standing;
}

Standing standing_of(Context& context, const std::string& name) {
  return standing_of(context, context.kube.find(kube::kDeployments, name, context.stop));
}

Standing standing_of(Context& context, const Move& move) { return standing_of(context, find_workload(context, move)); }

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
            .ready = facts.before.ready};
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
