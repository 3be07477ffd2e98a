// Actions that are due, one after the other; what is not due yet is said with its time.
#include "tools/finalize/finalize.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/run.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/judge/coverage.h"
#include "common/rollout/recorded_move.h"
#include "common/step/announce.h"
#include "common/step/connect.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

Finding coverage_finding(const Deployment& deployment) {
  Finding finding{.id = "coverage",
                  .sop = "3",
                  .title = "Share of the window that was watched",
                  .critical = true,
                  .expected = Expected(">=", Measured(judge::kMinCoverage, "%"))};
  if (!is_live(deployment)) {
    finding.outcome = Outcome::skipped;
    finding.settled = true;
    finding.message = "the release is not live";
  } else if (deployment.coverage) {
    finding.observed = Measured(*deployment.coverage, "%");
    finding.outcome = *deployment.coverage >= judge::kMinCoverage ? Outcome::pass : Outcome::fail;
  } else {
    finding.message = "watch recorded none";
  }
  return finding;
}

Finding chain_finding(const Deployment& deployment) {
  Finding finding{
      .id = "chain", .sop = "4", .title = "Every step left a handoff", .critical = true, .outcome = Outcome::pass};
  for (const auto& step : deployment.missing) finding.message += (finding.message.empty() ? "missing: " : ", ") + step;
  if (deployment.missing.empty()) return finding;
  // What is not live ended its chain early; with --standalone steps may never have been.
  const bool is_over = !is_live(deployment) && deployment.ending != Ending::incomplete;
  finding.outcome = is_over ? Outcome::pass : Outcome::unknown;
  return finding;
}

/// Whether anybody must still act on it.
Finding ending_finding(const Deployment& deployment) {
  return {.id = "ending",
          .sop = "4",
          .title = "How the release ended",
          .critical = true,
          .outcome = row_of(deployment.ending).outcome,
          .message = ending_text(deployment)};
}

/// An old colour is only shrunk for a release that was watched and is well.
bool is_held_back(const Action& action, const std::vector<Finding>& findings) {
  return action.removes && std::ranges::any_of(findings, [](const Finding& finding) {
           return finding.outcome == Outcome::fail || finding.outcome == Outcome::unknown;
         });
}

std::optional<rollout::Move> recorded_move(Env& env) {
  auto kube = connect_cluster(env);
  HttpClient http = env.http();
  auto context = context_for(env, kube, http);
  return rollout::recorded_move(context);
}

class Finalization {
 public:
  Finalization(Env& env, Deployment deployment) : env_(env), deployment_(std::move(deployment)) {}

  StepResult run() {
    result_.findings = {ending_finding(deployment_), chain_finding(deployment_), coverage_finding(deployment_)};
    for (const auto* action : actions()) take(*action);
    result_.verdict = verdict();
    result_.state = Json::object({{"ending", ending_text(deployment_)}, {"actions", state_}});
    result_.summary =
        fmt::format("{} {}: {}\n", deployment_.release.app, deployment_.release.version, ending_text(deployment_)) +
        lines_;
    return std::move(result_);
  }

 private:
  /// One that was rolled back or overtaken can be finalized well.
  Verdict verdict() const {
    if (deployment_.ending == Ending::superseded) return Verdict::superseded;
    return result_.run_again_at ? Verdict::again : decide(result_.findings);
  }

  void take(const Action& action) {
    const auto due = action.due(env_, deployment_);
    if (!due) return;
    if (*due > env_.clock.now()) return postpone(action, *due);
    if (is_held_back(action, result_.findings))
      return add(action, {.outcome = Outcome::unknown, .message = "held back: the release is not proved to be well"});
    if (env_.is_dry_run()) return add(action, {.outcome = Outcome::skipped, .message = "due"});
    auto done = performed(action);
    if (!done) return;
    result_.artifacts.insert(result_.artifacts.end(), done->artifacts.begin(), done->artifacts.end());
    result_.archived_in.insert(result_.archived_in.end(), done->archived_in.begin(), done->archived_in.end());
    add(action, *done);
  }

  /// Nothing while another deployment changes things: what it needs is known when it has ended.
  std::optional<Done> performed(const Action& action) {
    try {
      return action.perform(env_, deployment_);
    } catch (const rollout::LeaseBusy& busy) {
      postpone(action, busy.expires());
      return std::nullopt;
    }
  }

  void postpone(const Action& action, Time due) {
    result_.run_again_at = result_.run_again_at ? std::min(*result_.run_again_at, due) : due;
    lines_ += fmt::format("- {}: due at {}\n", action.title, to_rfc3339(due));
    state_[action.id] = Json::object({{"due", to_rfc3339(due)}});
  }

  void add(const Action& action, const Done& done) {
    Finding finding{.id = std::string(action.id),
                    .sop = std::string(action.sop),
                    .title = std::string(action.title),
                    .outcome = done.outcome,
                    .settled = done.outcome == Outcome::skipped,  // by a dry run alone
                    .message = done.message};
    lines_ += fmt::format("- {}: {} {}\n", action.title, done.message, outcome_mark(done.outcome));
    state_[action.id] = Json::object({{"outcome", outcome_name(done.outcome)}, {"message", done.message}});
    result_.findings.push_back(std::move(finding));
  }

  Env& env_;
  Deployment deployment_;
  StepResult result_ = {};
  Json state_ = Json::object();
  std::string lines_ = {};
};

notify::Message closing_message(const Deployment& deployment) {
  return {
      .subject = fmt::format("Deployment {} {}: {}", deployment.release.app, deployment.release.version,
                             ending_text(deployment)),
      .text = fmt::format("Deployed: {}\nDuration: {}\nIssues: {}",
                          deployment.switched ? to_minutes(*deployment.switched) : "never", duration_text(deployment),
                          deployment.issues.empty() ? "none" : "\n" + join(deployment.issues, "\n")),
      .event = "finalized",
      .facts = Json::object({{"status", ending_text(deployment)}}),
      .key = "finalized"};
}

}  // namespace

StepResult run(Env& env) {
  const Deployment deployment = deployment_of(env.earlier, {.release = env.release,
                                                            .started_at = env.started_at,
                                                            .has_database = env.loaded.is_given("database.url"),
                                                            .recorded = recorded_move(env)});
  auto result = Finalization(env, deployment).run();
  announce(env, Audience::team, closing_message(deployment));
  return result;
}

Identity identify(Env& env) {
  Identity identity;
  const auto cluster = connect_cluster(env).cluster_uid(env.stop);
  identity.target.cluster_uid = cluster;
  return identity;
}

}  // namespace baton::finalize
