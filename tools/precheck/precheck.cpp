// Checks, checklist, baseline, decision.
#include "tools/precheck/precheck.h"

#include <fmt/format.h>

#include "common/config/sections/handoff.h"
#include "common/core/printable.h"
#include "common/step/announce.h"
#include "common/step/build_record.h"
#include "common/step/report_head.h"
#include "tools/precheck/announcement.h"
#include "tools/precheck/checklist.h"
#include "tools/precheck/first_to_fix.h"
#include "tools/precheck/runner.h"
#include "tools/precheck/table.h"

namespace baton::precheck {
namespace {

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
  const bool is_partial = !options.only.empty();
  require_known(options, env);
  if (options.announce && !is_partial) announce_deployment(env);
  auto checked = run_checks(options, env);
  StepResult result{.findings = checked.findings()};
  result.verdict = decide(result.findings);
  const auto head = head_of(env, env.started_at, env.clock.now());
  result.page = is_partial ? partial_checklist(checked.groups, head) : checklist(checked.groups, result.verdict, head);
  result.summary = to_table(checked.groups, result.page->closing);
  result.recovery = recovery_of(first_to_fix(checked.groups));
  result.evidence = std::move(checked.evidence);
  result.state = std::move(checked.state);
  result.expires_at = env.clock.now() + env.config.handoff().precheck_valid;
  if (env.is_dry_run() || is_partial) return result;
  const auto file = env.dir / "pre-deployment-checklist.md";
  write_file(inside(env.dir, file), to_markdown(*result.page));
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

}  // namespace baton::precheck
