// SOP 4, "Output Artifacts": deployment-summary-<release>.md.
#include <fmt/format.h>

#include "common/core/finding_text.h"
#include "common/core/report.h"
#include "common/core/units.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

std::optional<Time> due(const View& env, const Story&) { return env.started_at; }

ReportSection overview(const Story& story) {
  ReportSection section{.heading = "Overview"};
  section.lines = {
      {.text = "Version: " + story.release.version},
      {.text = "Environment: " + story.release.environment},
      {.text = "Deployed: " + (story.switched ? to_minutes(*story.switched) : "traffic was never switched")},
      {.text = "Strategy: Blue-Green"},
      {.text = "Duration: " + duration_text(story)},
      {.text = "Status: " + ending_text(story.ending)}};
  if (story.move) section.lines.push_back({.text = "Image: " + story.move->digest});
  return section;
}

/// A step's own findings, each with its mark; what is not there is said.
ReportSection step_section(const View& env, std::string_view step, std::string_view heading) {
  ReportSection section{.heading = std::string(heading)};
  const auto* handoff = step_of(env.earlier, step);
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

ReportSection rollback_section(const Story& story) {
  const bool needed = story.ending == Ending::rolled_back || story.ending == Ending::failed;
  return {.heading = "Rollback", .lines = {{.text = needed ? "Needed, see the post-rollback analysis" : "Not needed"}}};
}

Done perform(Env& env, const Story& story) {
  Report report{.title = "Deployment Summary: " + story.release.version};
  report.sections.push_back(overview(story));
  report.sections.push_back(step_section(env, "precheck", "Pre-Deployment"));
  if (env.loaded.is_given("database.url"))
    report.sections.push_back(step_section(env, "migrate", "Database Migration"));
  report.sections.push_back(step_section(env, "switch", "Deployment"));
  report.sections.push_back(step_section(env, "watch", "Post-Deployment"));
  report.sections.push_back(listed("Issues", story.issues));
  report.sections.push_back(rollback_section(story));
  if (!story.missing.empty()) report.sections.push_back(listed("Missing handoffs", story.missing));
  const auto file = env.dir / fmt::format("deployment-summary-{}.md", story.release.version);
  write_file(file, to_markdown(report));
  return {.message = file.filename().string(), .artifacts = {file}};
}

}  // namespace

extern const Action summary{"deployment-summary", "4", "Deployment summary", due, perform};

}  // namespace baton::finalize
