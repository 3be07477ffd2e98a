// Undo, judge, write down.
#include "common/rollback/rollback.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"
#include "common/io/glob.h"
#include "common/judge/after_rollback.h"
#include "common/rollback/analysis.h"
#include "common/rollback/course.h"
#include "common/rollback/scope.h"
#include "common/rollout/dataplane.h"
#include "common/rollout/undo.h"

namespace baton::rollback {
namespace {

constexpr Duration kPublicLimit = std::chrono::seconds(30);
constexpr Duration kPublicPause = std::chrono::seconds(1);

/// Judged from now on, when the selector is back, over everything since, at every step of the window: the last word
/// counts.
judge::AfterRollback judge_until_back(const Request& request) {
  auto& context = request.context;
  const Time from = context.clock.now();
  const auto& config = context.config;
  Wait wait(context.patience(), "error rate and P95 to be back at the baseline", config.rollout().verify_rollback);
  const auto scope = scope_of(context, request.move, Side::before);
  judge::AfterRollback recovery{.reason = "baseline inconclusive: nothing could be judged yet"};
  while (!wait.is_over() && wait.pause_unless_stopped(config.watch().step)) {
    recovery = judge::judge_after_rollback(*request.store, config, *request.baseline, scope, from, context.clock.now(),
                                           context.stop);
  }
  return recovery;
}

void add_recovery(Result& result, const judge::AfterRollback& recovery) {
  result.findings.insert(result.findings.end(), recovery.findings.begin(), recovery.findings.end());
  if (recovery.state == judge::AfterRollback::State::not_back) {
    result.verdict = Verdict::rollback_failed;
    result.message += "; it is not healthy: " + recovery.reason;
    result.recovery.emplace_back(
        "The version before serves and is unhealthy too: look first at what both need, as the database, other "
        "services, nodes and the load.");
  } else if (!recovery.reason.empty()) {
    result.message += "; " + recovery.reason;
  }
}

/// A load balancer may need a moment to follow, no more. The last answer counts; who stops the run takes what there is.
Finding await_public(rollout::Context& context) {
  Finding finding{.title = "The public address answers",
                  .outcome = Outcome::unknown,
                  .message = "not asked: the run was stopped before"};
  Wait wait(context.patience(), "the public address to answer",
            std::min(kPublicLimit, context.config.rollout().verify_rollback));
  try {
    do {
      finding = rollout::ask_public(context);
    } while (finding.outcome == Outcome::warn && !wait.is_over() &&
             wait.pause_unless_stopped(kPublicPause, finding.message));
  } catch (const Error& error) {
    if (error.code() != ExitCode::interrupted) throw;
  }
  finding.id = "rollback-public";
  finding.sop = "rollback";
  return finding;
}

/// Users come in there, whatever the pods say of themselves.
void add_public(Result& result, Finding finding) {
  if (finding.outcome == Outcome::warn) {
    finding.outcome = Outcome::fail;
    finding.critical = true;
    result.verdict = Verdict::rollback_failed;
    result.message += "; users may not reach it: " + finding.message;
    result.recovery.emplace_back("Look at what stands before the Service: load balancer, DNS, certificates.");
  }
  result.findings.push_back(std::move(finding));
}

/// Names of what lies there, where this run took none: a rollback that is done again finds what the first one took.
std::vector<std::string> evidence_in(const fs::path& folder, std::vector<std::string> taken) {
  if (!taken.empty()) return taken;
  for (const auto& file : find_files(folder, "*")) taken.push_back(file.filename().string());
  return taken;
}

/// When this run found what it rolls back for; an earlier one that began the rollback left no such time.
std::optional<Time> found_at(const Request& request) {
  if (rollout::is_turned_back(request.move.phase)) return std::nullopt;
  return request.context.clock.now();
}

/// The bad version's pods, whose series are asked for when they are gone.
std::optional<judge::Scope> scope_before_drain(const Request& request) {
  try {
    return scope_of(request.context, request.move, Side::after);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<Affected> affected_until(const Request& request, const std::optional<judge::Scope>& scope, Time end) {
  const auto from = request.move.patched_at ? request.move.patched_at : request.onset;
  if (!scope || !from || *from >= end) return std::nullopt;
  return affected_users(request, *scope, *from, end);
}

void judge_health(const Request& request, Result& result) {
  judge::AfterRollback recovery{.reason = "baseline inconclusive: no metrics are configured"};
  if (request.store != nullptr && request.baseline != nullptr) recovery = judge_until_back(request);
  add_recovery(result, recovery);
  add_public(result, await_public(request.context));
}

/// Traffic is back by then: a folder that cannot be written makes no failure of it.
void write_analysis(const Request& request, const std::vector<std::string>& evidence, Result& result) {
  const auto file = request.folder / fmt::format("post-rollback-analysis-{}.md", request.move.version);
  try {
    const auto before = read_file_if_exists(inside(request.folder, file));
    write_file(inside(request.folder, file), before
                                                 ? *before + asked_again(request, result, request.context.clock.now())
                                                 : to_markdown(analysis(request, result, evidence)));
    result.artifacts.push_back(file);
  } catch (const Error& error) {
    result.message += fmt::format("; the analysis is not kept: {}", error.what());
    result.findings.push_back({.id = "rollback-analysis",
                               .sop = "rollback",
                               .title = "The analysis is kept",
                               .outcome = Outcome::warn,
                               .message = error.what(),
                               .recovery = {"Keep what is said here: there is no more of it."}});
  }
}

}  // namespace

Result roll_back(const Request& request) {
  const auto evidence = request.folder / "evidence";
  const auto found = found_at(request);
  auto scope = std::async(std::launch::async, [&] { return scope_before_drain(request); });
  auto undo = rollout::undo(request.context, request.move, request.reason, request.by, evidence.string());
  const auto drained = request.context.clock.now();
  Result result{.verdict = undo.verdict,
                .findings = std::move(undo.findings),
                .times = undo.times,
                .message = undo.message,
                .recovery = std::move(undo.recovery),
                .course = {.began = request.onset, .found = found, .back = undo.undone_at}};
  if (result.verdict == Verdict::rolled_back) {
    judge_health(request, result);
    for (auto& finding : rollout::release_after(request.context, request.move, undo.undone_at.value_or(drained)))
      result.findings.push_back(std::move(finding));
  }
  result.course.affected = affected_until(request, scope.get(), drained);
  request.context.say(fmt::format("Deployment {} {}", request.move.version, result.message));
  write_analysis(request, evidence_in(evidence, undo.evidence), result);
  return result;
}

}  // namespace baton::rollback
