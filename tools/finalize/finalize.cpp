// Actions that are due, one after the other; what is not due yet is said with its time.
#include "tools/finalize/finalize.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/run.h"
#include "common/core/units.h"
#include "common/rollout/recorded_move.h"
#include "common/step/announce.h"
#include "common/step/connect.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

constexpr double kCoverage = 95;  // percent; decisions 11

Finding coverage_finding(const Story& story) {
  Finding finding{.id = "coverage",
                  .sop = "3",
                  .title = "Share of the window that was watched",
                  .critical = true,
                  .expected = Expected(">=", Measured(kCoverage, "%"))};
  if (story.ending != Ending::successful) {
    finding.outcome = Outcome::skipped;
    finding.message = "the release is not live";
  } else if (story.coverage) {
    finding.observed = Measured(*story.coverage, "%");
    finding.outcome = *story.coverage >= kCoverage ? Outcome::pass : Outcome::fail;
  } else {
    finding.message = "watch recorded none";
  }
  return finding;
}

Finding chain_finding(const Story& story) {
  Finding finding{
      .id = "chain", .sop = "4", .title = "Every step left a handoff", .critical = true, .outcome = Outcome::pass};
  for (const auto& step : story.missing) finding.message += (finding.message.empty() ? "missing: " : ", ") + step;
  if (story.missing.empty()) return finding;
  // A rollback ends the chain early; with --standalone steps may never have been.
  const bool ended_early = story.ending == Ending::rolled_back || story.ending == Ending::failed;
  finding.outcome = ended_early ? Outcome::pass : Outcome::unknown;
  return finding;
}

/// An old colour is only shrunk for a release that was watched and is well.
bool is_held_back(const Action& action, const std::vector<Finding>& findings) {
  const bool removes = action.sop == "4.1";
  return removes && std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
           return finding.outcome == Outcome::fail || finding.outcome == Outcome::unknown;
         });
}

bool is_superseded(Env& env, const Story& story) {
  if (!story.move) return false;
  auto kube = connect_cluster(env);
  HttpClient http = env.http();
  auto context = context_for(env, kube, http);
  const auto recorded = rollout::recorded_move(context);
  return recorded && recorded->id != story.move->id;
}

class Finalization {
 public:
  Finalization(Env& env, Story story) : env_(env), story_(std::move(story)) {}

  StepResult run() {
    result_.findings = {chain_finding(story_), coverage_finding(story_)};
    for (const auto* action : actions()) take(*action);
    result_.verdict = result_.run_again_at ? Verdict::again : final_verdict();
    result_.state = Json::object({{"ending", ending_text(story_.ending)}, {"actions", state_}});
    result_.summary =
        fmt::format("{} {}: {}\n", story_.release.app, story_.release.version, ending_text(story_.ending)) + lines_;
    return std::move(result_);
  }

 private:
  /// What is over is judged as it ended; finalizing a rolled-back release well is still a proceed.
  Verdict final_verdict() const { return decide(result_.findings); }

  void take(const Action& action) {
    const auto due = action.due(env_, story_);
    if (!due) return;
    if (*due > env_.clock.now()) return postpone(action, *due);
    if (is_held_back(action, result_.findings))
      return add(action, {.outcome = Outcome::unknown, .message = "held back: the release is not proved to be well"});
    if (env_.is_dry_run()) return add(action, {.outcome = Outcome::skipped, .message = "due"});
    auto done = action.perform(env_, story_);
    result_.artifacts.insert(result_.artifacts.end(), done.artifacts.begin(), done.artifacts.end());
    add(action, done);
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
                    .message = done.message};
    lines_ += fmt::format("- {}: {} {}\n", action.title, done.message, outcome_mark(done.outcome));
    state_[action.id] = Json::object({{"outcome", outcome_name(done.outcome)}, {"message", done.message}});
    result_.findings.push_back(std::move(finding));
  }

  Env& env_;
  Story story_;
  StepResult result_ = {};
  Json state_ = Json::object();
  std::string lines_ = {};
};

notify::Message closing_message(const Story& story) {
  return {.subject =
              fmt::format("Deployment {} {}: {}", story.release.app, story.release.version, ending_text(story.ending)),
          .text = fmt::format("Deployed: {}\nDuration: {}\nIssues: {}",
                              story.switched ? to_minutes(*story.switched) : "never", duration_text(story),
                              story.issues.size()),
          .event = "finalized",
          .facts = Json::object(
              {{"app", story.release.app}, {"version", story.release.version}, {"status", ending_text(story.ending)}}),
          .key = "finalized"};
}

}  // namespace

StepResult run(Env& env) {
  const Story story = story_of(env);
  if (is_superseded(env, story)) {
    return {.verdict = Verdict::superseded,
            .summary =
                fmt::format("finalize: a newer deployment than {} took over; nothing is touched", env.release.version)};
  }
  auto result = Finalization(env, story).run();
  announce(env, Audience::team, closing_message(story));
  return result;
}

Identity identify(Env& env) {
  Identity identity;
  const auto cluster = connect_cluster(env).cluster_uid(env.stop);
  identity.target.cluster_uid = cluster;
  return identity;
}

}  // namespace baton::finalize
