// SOP, "Post-Rollback Analysis": evidence first, the root cause is a person's.
#include "common/rollback/analysis.h"

#include <fmt/format.h>

#include "common/core/finding_text.h"

namespace baton::rollback {
namespace {

ReportSection what_happened(const Request& request, const Result& result) {
  ReportSection section{.heading = "What happened"};
  section.lines = {
      {.text = "Release: " + request.move.version},
      {.text = "Image: " + request.move.digest},
      {.text = "Reason: " + request.reason},
      {.text = "Rolled back by: " + request.by},
      {.text = "Result: " + result.message,
       .mark = result.verdict == Verdict::rolled_back ? Outcome::pass : Outcome::fail},
  };
  if (request.onset) section.lines.push_back({.text = "Breach seen first: " + to_rfc3339(*request.onset)});
  if (request.move.patched_at)
    section.lines.push_back({.text = "Traffic was switched: " + to_rfc3339(*request.move.patched_at)});
  return section;
}

ReportSection listed(const std::string& heading, const std::vector<Finding>& findings) {
  ReportSection section{.heading = heading};
  for (const auto& finding : findings) {
    section.lines.push_back({.text = finding_line(finding), .mark = finding.outcome});
  }
  return section;
}

ReportSection times_of(const Json& times) {
  ReportSection section{.heading = "Times"};
  for (const auto& [name, value] : times.members()) {
    section.lines.push_back(
        {.text = fmt::format("{}: {} ms", name, value.is_string() ? value.string() : to_text(value))});
  }
  return section;
}

ReportSection evidence_of(const std::vector<std::string>& files) {
  ReportSection section{.heading = "Evidence taken before anything was removed"};
  for (const auto& file : files) section.lines.push_back({.text = file});
  if (files.empty()) section.lines.push_back({.text = "none could be taken", .mark = Outcome::unknown});
  return section;
}

ReportSection what_next() {
  return {.heading = "To do",
          .lines = {
              {.text = "Find the root cause: new code, configuration, database migration, or resource limits too low"},
              {.text = "Fix it, test it again on staging"},
              {.text = "Deploy again as a new image: this digest is refused from now on"}}};
}

}  // namespace

Report analysis(const Request& request, const Result& result, const std::vector<std::string>& evidence) {
  Report report{
      .title = "Post-Rollback Analysis: " + request.move.version,
      .sections = {what_happened(request, result), listed("Symptoms", request.findings),
                   listed("Rollback", result.findings), times_of(result.times), evidence_of(evidence), what_next()}};
  std::erase_if(report.sections, [](const ReportSection& section) { return section.lines.empty(); });
  return report;
}

}  // namespace baton::rollback
