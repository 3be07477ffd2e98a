// Checks, checklist, baseline, decision.
#include "tools/precheck/precheck.h"

#include <fmt/format.h>

#include "common/config/sections/handoff.h"
#include "common/core/closest.h"
#include "common/core/printable.h"
#include "common/step/announce.h"
#include "tools/precheck/checklist.h"
#include "tools/precheck/runner.h"

namespace baton::precheck {
namespace {

std::vector<std::string> recovery_of(const std::vector<Finding>& findings) {
  for (const auto& finding : findings) {
    if (finding.critical && finding.outcome != Outcome::pass && !finding.recovery.empty()) return finding.recovery;
  }
  return {};
}

const Check& check_named(const std::string& id) {
  std::vector<std::string> known;
  for (const auto* check : checks()) {
    if (check->id == id) return *check;
    known.emplace_back(check->id);
  }
  const auto meant = closest(id, known);
  throw Error(ExitCode::usage,
              "no check is named '" + printable(id, 60) + "'" + (meant ? "; did you mean '" + *meant + "'?" : ""),
              "See baton-precheck list.");
}

}  // namespace

StepResult run(const Options& options, Env& env) {
  CheckContext context{.env = env};
  auto checked = run_checks(options, context);
  StepResult result{.verdict = decide(checked.findings)};
  result.summary = to_markdown(checklist(checked.findings, result.verdict));
  result.recovery = recovery_of(checked.findings);
  result.findings = std::move(checked.findings);
  result.evidence = std::move(checked.evidence);
  if (context.baseline) result.state["baseline"] = judge::to_json(*context.baseline);
  result.expires_at = env.clock.now() + env.config.handoff().precheck_valid;
  if (env.is_dry_run()) return result;
  const auto file = env.dir / "pre-deployment-checklist.md";
  write_file(file, result.summary);
  result.artifacts = {file};
  env.log_line(fmt::format("Pre-deployment checks of {}: {}", env.release.version, decision_text(result.verdict)));
  announce(
      env, Audience::team,
      {.subject = fmt::format("{} {}: pre-deployment checks", env.release.app, env.release.version),
       .text = decision_text(result.verdict),
       .event = "precheck-" + std::string(verdict_name(result.verdict)),
       .facts = Json::object(
           {{"app", env.release.app}, {"version", env.release.version}, {"verdict", verdict_name(result.verdict)}}),
       .key = "precheck-" + std::string(verdict_name(result.verdict))});
  return result;
}

StepResult list(Env& /*env*/) {
  StepResult result{.verdict = Verdict::proceed};
  Json rows = Json::array();
  for (const auto* check : checks()) {
    result.summary += fmt::format("{:<20} {:<5} {:<9} {}; expects {}{}\n", check->id, check->sop,
                                  check->critical ? "critical" : "warning", check->title, check->expected,
                                  check->needs.empty() ? "" : "; needs " + std::string(check->needs));
    rows.push_back(Json::object({{"id", check->id},
                                 {"sop", check->sop},
                                 {"critical", check->critical},
                                 {"title", check->title},
                                 {"expected", check->expected},
                                 {"needs", check->needs}}));
  }
  result.record["checks"] = rows;
  return result;
}

StepResult explain(const Options& options, Env& /*env*/) {
  const Check& check = check_named(options.arguments.at(0));
  const Group& group = group_of(check);
  StepResult result{.verdict = Verdict::proceed};
  result.summary = fmt::format("{}: {} (SOP {}, {})\nexpects: {}\nneeds: {}\n", check.id, check.title, check.sop,
                               group.heading, check.expected, check.needs.empty() ? "nothing" : check.needs);
  result.summary += check.critical ? "a failure stops the release, and so does not knowing\n" : "a failure warns\n";
  for (const auto step : group.recovery) result.summary += fmt::format("then: {}\n", step);
  return result;
}

}  // namespace baton::precheck
