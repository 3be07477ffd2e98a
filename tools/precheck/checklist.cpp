// SOP step 1, "Output Artifacts".
#include "tools/precheck/checklist.h"

#include <algorithm>
#include <array>

#include "common/core/finding_text.h"

namespace baton::precheck {
namespace {

/// A group is as good as its worst line.
std::optional<Outcome> worst_of(const std::vector<ReportLine>& lines) {
  constexpr std::array kWorstFirst = {Outcome::fail, Outcome::unknown, Outcome::warn, Outcome::pass, Outcome::skipped};
  for (const auto outcome : kWorstFirst) {
    if (std::ranges::any_of(lines, [&](const ReportLine& line) { return line.mark == outcome; })) return outcome;
  }
  return std::nullopt;
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

Report checklist(std::span<const GroupFindings> groups, Verdict verdict) {
  Report report{.title = "Pre-Deployment Checklist", .closing = "Decision: " + decision_text(verdict)};
  for (const auto& [group, findings] : groups) {
    ReportSection section{.heading = std::string(group->heading)};
    for (const auto& finding : findings)
      section.lines.push_back({.text = finding_line(finding), .mark = finding.outcome});
    section.mark = worst_of(section.lines);
    report.sections.push_back(std::move(section));
  }
  return report;
}

}  // namespace baton::precheck
