// SOP, "Post-Rollback Analysis": evidence first, the root cause is a person's.
#include "common/rollback/analysis.h"

#include <fmt/format.h>

#include "common/core/finding_text.h"
#include "common/core/text.h"
#include "common/rollback/course.h"

namespace baton::rollback {
namespace {

ReportLine line_of(const Result& result) {
  return {.text = "Result: " + result.message,
          .mark = result.verdict == Verdict::rolled_back ? Outcome::pass : Outcome::fail};
}

/// What a reader asks first.
ReportSection what_broke(const Request& request, const Result& result) {
  ReportSection section{.heading = "What broke"};
  section.lines = {{.text = request.reason}, line_of(result)};
  for (auto& line : lines_of(result.course, request.by)) section.lines.push_back(std::move(line));
  return section;
}

ReportSection deployment_of(const Request& request) {
  const auto& move = request.move;
  ReportSection section{.heading = "Deployment"};
  section.lines = {{.text = "Application: " + request.context.app},
                   {.text = "Version: " + move.version},
                   {.text = "Environment: " + request.context.config.environment},
                   {.text = "Deployment: " + move.id}};
  if (!move.digest.empty()) section.lines.push_back({.text = "Image: " + move.digest});
  if (move.patched_at) section.lines.push_back({.text = "Traffic was switched: " + to_rfc3339(*move.patched_at)});
  section.lines.push_back({.text = "Rolled back by: " + request.by});
  return section;
}

void add_of(ReportSection& section, const std::vector<Finding>& findings, Outcome outcome) {
  for (const auto& finding : findings) {
    if (finding.outcome == outcome) section.lines.push_back({.text = finding_line(finding), .mark = outcome});
  }
}

ReportSection way_back(const std::vector<Finding>& findings) {
  ReportSection section{.heading = "Rollback"};
  for (const auto outcome : {Outcome::fail, Outcome::unknown, Outcome::warn, Outcome::pass, Outcome::skipped})
    add_of(section, findings, outcome);
  return section;
}

/// "patch_ms", 7 → "patch: 7 ms".
std::string time_text(std::string_view name, const Json& value) {
  const std::string number = value.is_string() ? value.string() : to_text(value);
  if (name.ends_with("_ms")) name.remove_suffix(3);
  return fmt::format("{}: {} ms", replace_all(name, "_", " "), number);
}

ReportSection times_of(const Json& times) {
  ReportSection section{.heading = "Times"};
  for (const auto& [name, value] : times.members()) {
    section.lines.push_back({.text = time_text(name, value)});
  }
  return section;
}

ReportSection evidence_of(const std::vector<std::string>& files) {
  ReportSection section{.heading = "Evidence taken before anything was removed"};
  for (const auto& file : files) section.lines.push_back({.text = file});
  if (files.empty()) section.lines.push_back({.text = "none could be taken", .mark = Outcome::unknown});
  return section;
}

/// Of a rollback that is not well, what a person does now, and nothing that only follows a good one.
ReportSection what_next(const std::vector<std::string>& recovery) {
  ReportSection section{.heading = "To do"};
  for (const auto& step : recovery) section.lines.push_back({.text = step});
  section.lines.push_back(
      {.text = "Find the root cause: new code, configuration, database migration, or resource limits too low"});
  if (!recovery.empty()) return section;
  section.lines.push_back({.text = "Fix it, test it again on staging"});
  section.lines.push_back({.text = "Deploy again as a new image: this digest is refused from now on"});
  return section;
}

}  // namespace

Report analysis(const Request& request, const Result& result, const std::vector<std::string>& evidence) {
  Report report{.title = "Post-Rollback Analysis: " + request.move.version,
                .sections = {what_broke(request, result),
                             deployment_of(request),
                             {.heading = "Symptoms", .lines = condensed(request.findings)},
                             way_back(result.findings),
                             times_of(result.times),
                             evidence_of(evidence),
                             what_next(result.recovery)}};
  std::erase_if(report.sections, [](const ReportSection& section) { return section.lines.empty(); });
  return report;
}

std::string asked_again(const Request& request, const Result& result, Time now) {
  ReportSection section{
      .heading = "Asked again at " + to_rfc3339(now),
      .lines = {{.text = "By: " + request.by}, {.text = "Reason: " + request.reason}, line_of(result)}};
  for (auto& line : lines_of(result.course, request.by)) section.lines.push_back(std::move(line));
  const auto text = to_markdown({.title = {}, .sections = {std::move(section)}});
  return text.substr(text.find("\n## "));
}

}  // namespace baton::rollback
