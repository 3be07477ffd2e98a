// SOP 4, "Output Artifacts": deployment-summary-<release>.md.
#include <fmt/format.h>

#include "common/core/finding_text.h"
#include "common/core/report.h"
#include "common/core/units.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

std::optional<Time> due(const View& env, const Deployment&) { return env.started_at; }

ReportSection overview(const Deployment& deployment) {
  ReportSection section{.heading = "Overview"};
  section.lines = {
      {.text = "Version: " + deployment.release.version},
      {.text = "Environment: " + deployment.release.environment},
      {.text = "Deployed: " + (deployment.switched ? to_minutes(*deployment.switched) : "traffic was never switched")},
      {.text = "Strategy: " + std::string(deployment.strategy)},
      {.text = "Duration: " + duration_text(deployment)},
      {.text = "Status: " + ending_text(deployment)}};
  if (deployment.move) section.lines.push_back({.text = "Image: " + deployment.move->digest});
  return section;
}

/// A step's own findings, each with its mark; what is not there is said.
ReportSection step_section(const View& env, std::string_view step, std::string_view heading) {
  ReportSection section{.heading = std::string(heading)};
  const auto* handoff = find_step(env.earlier, step);
  if (handoff == nullptr) {
    section.lines.push_back({.text = std::string(step) + " left no handoff", .mark = Outcome::unknown});
    return section;
  }
  const Duration took = std::chrono::ceil<std::chrono::seconds>(handoff->finished_at - handoff->started_at);
  section.lines.push_back(
      {.text = fmt::format("Verdict: {}, after {}", verdict_name(handoff->verdict), to_words(took))});
  for (const auto& finding : handoff->findings) {
    section.lines.push_back({.text = finding_line(finding), .mark = finding.outcome});
  }
  return section;
}

ReportSection listed(std::string_view heading, const std::vector<std::string>& lines) {
  ReportSection section{.heading = std::string(heading)};
  for (const auto& line : lines) section.lines.push_back({.text = line});
  if (lines.empty()) section.lines.push_back({.text = "None"});
  return section;
}

/// The analysis is named only where it lies.
ReportSection rollback_section(const View& env, const Deployment& deployment) {
  std::string text(row_of(deployment.ending).rollback);
  const std::string analysis = fmt::format("post-rollback-analysis-{}.md", deployment.release.version);
  if (fs::exists(env.dir / analysis)) text += ", see " + analysis;
  return {.heading = "Rollback", .lines = {{.text = text}}};
}

Done perform(Env& env, const Deployment& deployment) {
  Report report{.title = "Deployment Summary: " + deployment.release.version};
  report.sections.push_back(overview(deployment));
  report.sections.push_back(step_section(env, "precheck", "Pre-Deployment"));
  if (env.loaded.is_given("database.url"))
    report.sections.push_back(step_section(env, "migrate", "Database Migration"));
  report.sections.push_back(step_section(env, "switch", "Deployment"));
  report.sections.push_back(step_section(env, "watch", "Post-Deployment"));
  report.sections.push_back(listed("Issues", deployment.issues));
  report.sections.push_back(rollback_section(env, deployment));
  if (!deployment.missing.empty()) report.sections.push_back(listed("Missing handoffs", deployment.missing));
  const auto file = env.dir / fmt::format("deployment-summary-{}.md", deployment.release.version);
  write_file(inside(env.dir, file), to_markdown(report));
  return {.message = file.filename().string(), .artifacts = {file}};
}

}  // namespace

extern const Action summary{
    .id = "deployment-summary", .sop = "4", .title = "Deployment summary", .due = due, .perform = perform};

}  // namespace baton::finalize
