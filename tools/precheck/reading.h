// What foreign reports say, whatever their format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/core/time.h"
#include "tools/precheck/reports/line_hits.h"
#include "tools/precheck/reports/security_report.h"

namespace baton::precheck {

/// Of names and doubts the first five are kept.
struct TestResults {
  long long tests = 0;
  long long failed = 0;   ///< failures and errors, also those that are declared and not listed
  long long skipped = 0;  ///< did not run, whatever the producer calls it
  long long flaky = 0;    ///< of the passed ones those that had failed before
  std::vector<std::string> failures = {};
  std::vector<std::string> flakes = {};
  std::vector<std::string> doubts = {};  ///< why the counts cannot be believed, with the report's name

  long long passed() const { return tests - failed - skipped; }
  TestResults& operator+=(const TestResults& other);
};

struct LineCoverage {
  LineHits lines = {};
  std::optional<LineCount> root = {};    ///< the lowest counts of a report's own that stand for or against its lines
  std::string unlisted = {};             ///< a report that lists no lines, only counts
  int measured = 0;                      ///< reports with anything to count
  std::vector<std::string> doubts = {};  ///< where a report disagrees with itself

  /// The lower one of the lines and the root.
  LineCount count() const;
  /// Counts without lines may be those of lines that another report lists.
  bool can_be_joined() const { return unlisted.empty() || measured == 1; }
  LineCoverage& operator+=(const LineCoverage& other);
};

/// Adds what is worth saying, where there are fewer than five.
void keep_few(std::vector<std::string>& few, const std::string& text);

/// In the order of ReportKind.
using Reading = std::variant<TestResults, LineCoverage, SecurityReport>;
enum class ReportKind { tests, coverage, vulnerabilities };
/// One report, read to its end.
struct ReadReport {
  Reading reading = {};
  std::optional<Time> written = {};  ///< as the report itself says
  std::string about = {};            ///< the digest or commit it is about, as it says itself
};
/// About the first digest that it names.
ReadReport read_as(SecurityReport report, std::optional<Time> written = {});
/// "test results", "coverage", "vulnerabilities".
std::string_view kind_text(ReportKind kind);

}  // namespace baton::precheck
