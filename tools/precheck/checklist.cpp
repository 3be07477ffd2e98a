// SOP step 1, "Output Artifacts".
#include "tools/precheck/checklist.h"

#include <algorithm>
#include <array>

#include "common/core/finding_text.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/first_to_fix.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kLongest = 1000;

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

/// "Test coverage: 87 % (expected >= 80 %); 870 of 1000 lines": every number beside its limit, met or not.
std::string line_of(const Finding& finding) {
  const bool has_both = !finding.observed.is_empty() && !finding.expected.is_empty() &&
                        finding.observed.text() != finding.expected.text();
  if (finding.outcome != Outcome::pass || !has_both) return finding_line(finding);
  Finding shown = finding;
  shown.message.clear();
  const auto limit = in_brackets("expected " + finding.expected.text());
  return printable(finding_line(shown) + limit + (finding.message.empty() ? "" : "; " + finding.message), kLongest);
}

/// The SOP's one line for three suites; nothing unless all three were run.
std::optional<ReportLine> all_tests(const std::vector<Finding>& findings) {
  constexpr std::array<std::string_view, 3> kSuites = {"unit-tests", "integration-tests", "e2e-tests"};
  double passed = 0;
  std::vector<Finding> suites;
  for (const auto id : kSuites) {
    const auto found = std::ranges::find(findings, id, &Finding::id);
    if (found == findings.end() || !found->observed.number()) return std::nullopt;
    passed += *found->observed.number();
    suites.push_back(*found);
  }
  const auto worst = worst_of(suites);
  const auto count = number_text(passed, 0);
  if (worst == Outcome::pass) return ReportLine{.text = "All tests pass: " + count + "/" + count, .mark = worst};
  return ReportLine{.text = "All tests pass: no, " + count + " pass", .mark = worst};
}

ReportSection section_of(const Group& group, const std::vector<Finding>& findings) {
  ReportSection section{.heading = std::string(group.heading), .mark = worst_of(findings)};
  const auto sum = all_tests(findings);
  for (const auto& finding : findings) {
    if (sum && finding.id == "unit-tests") section.lines.push_back(*sum);
    section.lines.push_back({.text = line_of(finding), .mark = finding.outcome});
  }
  return section;
}

Report with_sections(std::span<const GroupFindings> groups, std::vector<ReportLine> head, std::string closing) {
  if (const auto first = first_text(first_to_fix(groups)); !first.empty()) head.insert(head.begin(), {.text = first});
  head.insert(head.begin(), {.text = closing});
  Report report{.title = "Pre-Deployment Checklist",
                .sections = {{.heading = "Release", .lines = std::move(head)}},
                .closing = std::move(closing)};
  for (const auto& [group, findings] : groups) report.sections.push_back(section_of(*group, findings));
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
