// The SOP's own sample of pre-deployment-checklist.md, line for line in meaning.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "common/core/text.h"
#include "tests/support/places.h"
#include "tools/precheck/checklist.h"

namespace baton::precheck {
namespace {

/// A line of the sample as the SOP has it, the check that it is, and what that check finds.
struct Sample {
  const char* group;
  const char* sop;
  const char* id;  ///< empty: the sum of the three suites
  Measured observed = {};
  Expected expected = {};
  const char* message = "";
};

const std::vector<Sample>& sample() {
  static const std::vector<Sample> kSample = {
      {"quality", "Code review: 94/100", "code-review", "94/100", ">= 90/100"},
      {"quality", "Test coverage: 87%", "coverage", Measured(87, "%"), {">=", Measured(80, "%")}},
      {"quality", "All tests pass: 250/250", "unit-tests", Measured(120, "tests passed"), "no failure"},
      {"quality", "All tests pass: 250/250", "integration-tests", Measured(30, "tests passed"), "no failure"},
      {"quality", "All tests pass: 250/250", "e2e-tests", Measured(100, "tests passed"), "no failure"},
      {"quality",
       "Security: 0 P0/P1 vulnerabilities",
       "vulnerabilities",
       Measured(0, "P0/P1 vulnerabilities"),
       {"=", Measured(0, "P0/P1 vulnerabilities")}},
      {"quality",
       "Performance: P95 125ms (target <200ms)",
       "performance",
       Measured(125, "ms"),
       {"<", Measured(200, "ms")},
       "P95"},
      {"infrastructure", "Kubernetes nodes: 3/3 Ready", "nodes-ready", "3/3 Ready", "all Ready"},
      {"infrastructure",
       "Node CPU: 45% avg",
       "node-cpu",
       Measured(45, "%"),
       {"<", Measured(70, "%")},
       "avg of 3 nodes"},
      {"infrastructure",
       "Node memory: 60% avg",
       "node-memory",
       Measured(60, "%"),
       {"<", Measured(70, "%")},
       "avg of 3 nodes"},
      {"infrastructure", "Database: Connected", "database-reachable", {}, "connected", "connected"},
      {"infrastructure", "Redis: Connected", "redis", "PONG", "PONG", "connected"},
      {"infrastructure", "External APIs: All reachable", "external", "2/2 reachable", "all reachable"},
      {"migrations",
       "Staging migration: Success (duration 45s)",
       "migrations-rehearsed",
       Measured(45, "s"),
       {"<", Measured(300, "s")},
       "success"},
      {"migrations", "Rollback migration: Tested, works", "migrations-reversible", "tested, works", "tested, works"},
      {"migrations", "No long-running queries", "migrations-locks", Measured(0, "s"), {"<=", Measured(1, "s")}},
      {"staging", "E2E suite: 100/100 pass", "staging-e2e", "100/100 pass", "all tests pass"},
      {"staging", "Smoke tests: All critical flows work", "staging-smoke", Measured(5, "probes passed"),
       "every probe answers", "all critical flows work"},
      {"staging",
       "Performance test: P95 120ms",
       "staging-performance",
       Measured(120, "ms"),
       {"<", Measured(200, "ms")},
       "P95"},
      {"staging", "No errors in logs", "staging-logs", Measured(0, "errors"), "no errors"},
      {"security",
       "Dependency scan: 0 critical vulnerabilities",
       "dependency-scan",
       Measured(0, "critical vulnerabilities"),
       {"=", Measured(0, "critical vulnerabilities")}},
      {"security",
       "Container scan: 0 high/critical vulnerabilities",
       "image-scan",
       Measured(0, "high/critical vulnerabilities"),
       {"=", Measured(0, "high/critical vulnerabilities")}},
      {"security", "No secrets in code", "secrets", Measured(0, "secrets"), "none"},
      {"security", "SSL certificates: Valid until 2026-01-15", "certificates", "valid until 2026-01-15",
       "valid for 15 days or more"},
      {"capacity",
       "Cluster capacity: 30% buffer available",
       "cluster-capacity",
       Measured(30, "%"),
       {">=", Measured(20, "%")},
       "buffer available"},
      {"capacity", "Database disk: 45% free", "database-disk", Measured(45, "%"), {">", Measured(30, "%")}, "free"},
      {"capacity", "Connection pools: Within limits", "connection-pools", "within limits", "within limits"},
  };
  return kSample;
}

/// The title that the SOP gives the line; each of the three suites has one of its own.
std::string title_of(const Sample& line) {
  if (std::string_view(line.sop).starts_with("All tests pass")) return std::string(place_of(line.id).check->title);
  const std::string text = line.sop;
  return text.substr(0, text.find(": "));
}

std::vector<GroupFindings> sample_findings() {
  std::vector<GroupFindings> all;
  for (const auto& line : sample()) {
    const auto* group = place_of(line.id).group;
    EXPECT_EQ(group->id, line.group) << line.id;
    if (all.empty() || all.back().group != group) all.push_back({.group = group});
    all.back().findings.push_back({.id = line.id,
                                   .sop = {},
                                   .title = title_of(line),
                                   .critical = true,
                                   .outcome = Outcome::pass,
                                   .observed = line.observed,
                                   .expected = line.expected,
                                   .message = line.message});
  }
  return all;
}

std::string written() {
  const auto all = sample_findings();
  std::vector<Finding> findings;
  for (const auto& group : all) findings.insert(findings.end(), group.findings.begin(), group.findings.end());
  return to_markdown(checklist(all, decide(findings), {{.text = "Version: v1.6.0"}}));
}

TEST(SopSample, IsReproducedFromWhatTheChecksFind) {
  const auto golden = test::source_folder() / "tests/golden/pre-deployment-checklist.md";
  EXPECT_EQ(written(), read_file(golden)) << written();
}

/// Runs of digits, in their order.
std::vector<std::string> numbers_in(const std::string& text) {
  std::vector<std::string> numbers(1);
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (is_digit) numbers.back() += c;
    if (!is_digit && !numbers.back().empty()) numbers.emplace_back();
  }
  std::erase(numbers, "");
  return numbers;
}

/// The lines of a section of our checklist, in its order.
std::vector<std::string> section_lines(const std::string& text, const std::string& heading) {
  std::vector<std::string> lines;
  bool is_in = false;
  for (const auto& line : split(text, '\n')) {
    if (line.starts_with("## ")) is_in = line == "## " + heading;
    if (is_in && line.starts_with("- ")) lines.push_back(line);
  }
  return lines;
}

TEST(SopSample, EveryLineStandsInItsSectionWithItsNumbersAndItsMark) {
  const auto text = written();
  for (const auto& line : sample()) {
    const std::string sop = line.sop;
    const auto title = sop.substr(0, sop.find(": "));
    const auto heading = std::string(place_of(line.id).group->heading) + " ✅";
    const auto ours = section_lines(text, heading);
    const auto found = std::ranges::find_if(ours, [&](const auto& own) { return own.starts_with("- " + title); });
    ASSERT_NE(found, ours.end()) << sop << " in " << heading;
    EXPECT_TRUE(found->ends_with(" ✅")) << *found;
    const auto numbers = numbers_in(*found);
    for (const auto& number : numbers_in(sop.substr(title.size())))
      EXPECT_NE(std::ranges::find(numbers, number), numbers.end()) << sop << " has " << number << ", not: " << *found;
  }
}

TEST(SopSample, SectionsStandInTheSopsOrderAndTheDecisionLast) {
  constexpr std::array kHeadings = {
      "Quality Gates", "Infrastructure Health", "Database Migrations", "Staging Tests", "Security", "Capacity"};
  const auto text = written();
  std::size_t at = 0;
  for (const auto* heading : kHeadings) {
    const auto found = text.find("\n## " + std::string(heading) + " ✅\n", at);
    ASSERT_NE(found, std::string::npos) << heading;
    at = found;
  }
  EXPECT_TRUE(text.ends_with("\n## Decision: ✅ APPROVED FOR DEPLOYMENT\n"));
  EXPECT_LT(text.find("- Decision: ✅ APPROVED FOR DEPLOYMENT"), text.find("## Quality Gates")) << "said first, too";
}

}  // namespace
}  // namespace baton::precheck
