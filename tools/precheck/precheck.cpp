// Checks, checklist, baseline, decision.
#include "tools/precheck/precheck.h"

#include <fmt/format.h>

#include "common/config/sections/handoff.h"
#include "common/core/printable.h"
#include "common/step/announce.h"
#include "common/step/build_record.h"
#include "common/step/report_head.h"
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

std::string needs_of(const Check& check) { return check.needs.empty() ? "" : "; needs " + std::string(check.needs); }

/// What the build says of itself goes into the deployment log, when it is about the image that the registry has.
void take_up_build(Env& env, Json& state) {
  try {
    Json json = read_build_record(env.dir);
    if (json.is_null()) return;
    const auto build = build_record_from(json);
    if (build.digest != "sha256:" + env.identity.subject.sha256) {
      env.log.warning(fmt::format("build.json is not used: it is about '{}', the image is sha256:{}",
                                  printable(build.digest, 100), env.identity.subject.sha256));
      return;
    }
    for (const auto& line : build_lines(build)) env.log_line(line);
    state["build"] = std::move(json);
  } catch (const Error& error) {
    env.log.warning(fmt::format("build.json is not used: {}", error.what()));
  }
}

}  // namespace

StepResult run(const Options& options, Env& env) {
  auto checked = run_checks(options, env);
  StepResult result{.findings = checked.findings()};
  result.verdict = decide(result.findings);
  const bool is_partial = !options.only.empty();
  const auto head = head_of(env, env.started_at, env.clock.now());
  result.summary = to_markdown(is_partial ? partial_checklist(checked.groups, head)
                                          : checklist(checked.groups, result.verdict, head));
  result.recovery = recovery_of(result.findings);
  result.evidence = std::move(checked.evidence);
  result.state = std::move(checked.state);
  result.expires_at = env.clock.now() + env.config.handoff().precheck_valid;
  if (env.is_dry_run() || is_partial) return result;
  const auto file = env.dir / "pre-deployment-checklist.md";
  write_file(inside(env.dir, file), result.summary);
  result.artifacts = {file};
  take_up_build(env, result.state);
  env.log_line(fmt::format("Pre-deployment checks of {}: {}", env.release.version, decision_text(result.verdict)));
  announce(env, Audience::team,
           {.subject = fmt::format("{} {}: pre-deployment checks", env.release.app, env.release.version),
            .text = decision_text(result.verdict),
            .event = "precheck-" + std::string(verdict_name(result.verdict)),
            .facts = Json::object({{"verdict", verdict_name(result.verdict)}}),
            .key = "precheck-" + std::string(verdict_name(result.verdict))});
  return result;
}

StepResult list(Env& env) {
  StepResult result{.verdict = Verdict::proceed};
  Json rows = Json::array();
  for (const auto& place : places()) {
    const auto& check = *place.check;
    const auto expected = check.expected(env.config).text();
    result.summary += fmt::format("{:<20} {:<5} {:<9} {}; expects {}{}\n", check.id, check.sop,
                                  check.critical ? "critical" : "warning", check.title, expected, needs_of(check));
    rows.push_back(Json::object({{"id", check.id},
                                 {"sop", check.sop},
                                 {"critical", check.critical},
                                 {"title", check.title},
                                 {"expected", expected},
                                 {"needs", check.needs}}));
  }
  result.record["checks"] = rows;
  return result;
}

StepResult explain(const Options& options, Env& env) {
  const auto [group, check] = place_of(options.arguments.at(0));
  StepResult result{.verdict = Verdict::proceed};
  result.summary =
      fmt::format("{}: {} (SOP {}, {})\nexpects: {}\nneeds: {}\n", check->id, check->title, check->sop, group->heading,
                  check->expected(env.config).text(), check->needs.empty() ? "nothing" : check->needs);
  result.summary += check->critical ? "a failure stops the release, and so does not knowing\n" : "a failure warns\n";
  for (const auto step : group->recovery) result.summary += fmt::format("then: {}\n", step);
  result.record["check"] =
      Json::object({{"id", check->id},
                    {"sop", check->sop},
                    {"title", check->title},
                    {"group", group->heading},
                    {"critical", check->critical},
                    {"expected", check->expected(env.config).text()},
                    {"needs", check->needs},
                    {"recovery", json_list(group->recovery, [](std::string_view step) { return Json(step); })}});
  return result;
}

}  // namespace baton::precheck
