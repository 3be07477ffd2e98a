// SOP step 1, "Output Artifacts".
#include "tools/precheck/checklist.h"

#include <algorithm>
#include <array>

#include "common/core/finding_text.h"

namespace baton::precheck {
namespace {

/// What was left out and never decided on is as open as what could not be answered.
Outcome weight_of(const Finding& finding) {
  return finding.outcome == Outcome::skipped && !finding.settled ? Outcome::unknown : finding.outcome;
}

/// A group is as good as its worst line.
std::optional<Outcome> worst_of(const std::vector<Finding>& findings) {
  constexpr std::array kWorstFirst = {Outcome::fail, Outcome::unknown, Outcome::warn, Outcome::pass, Outcome::skipped};
  for (const auto outcome : kWorstFirst) {
    if (std::ranges::any_of(findings, [&](const Finding& finding) { return weight_of(finding) == outcome; }))
      return outcome;
  }
  return std::nullopt;
}

Report with_sections(std::span<const GroupFindings> groups, std::vector<ReportLine> head, std::string closing) {
  head.insert(head.begin(), {.text = closing});
  Report report{.title = "Pre-Deployment Checklist",
                .sections = {{.heading = "Release", .lines = std::move(head)}},
                .closing = std::move(closing)};
  for (const auto& [group, findings] : groups) {
    ReportSection section{.heading = std::string(group->heading), .mark = worst_of(findings)};
    for (const auto& finding : findings)
      section.lines.push_back({.text = finding_line(finding), .mark = finding.outcome});
    report.sections.push_back(std::move(section));
  }
  return report;
}

}  // namespace

std::string decision_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::proceed:
      return "✅ APPROVED FOR DEPLOYMENT";
    case Verdict::caution:
      return "⚠️ CAUTION, APPROVED WITH WARNINGS";
    case Verdict::stop:
      return "❌ STOP, FIX BEFORE DEPLOYING";
    case Verdict::unknown:
    case Verdict::rolled_back:
    case Verdict::rollback_failed:
    case Verdict::again:
    case Verdict::superseded:
      break;
  }
  return "❔ UNKNOWN, NOT APPROVED: A CRITICAL QUESTION HAS NO ANSWER";
}

Report checklist(std::span<const GroupFindings> groups, Verdict verdict, std::vector<ReportLine> head) {
  return with_sections(groups, std::move(head), "Decision: " + decision_text(verdict));
}

Report partial_checklist(std::span<const GroupFindings> groups, std::vector<ReportLine> head) {
  return with_sections(groups, std::move(head), "No decision: a look at some checks opens nothing");
}

}  // namespace baton::precheck
