// What foreign reports say, whatever their format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/core/time.h"
#include "tools/precheck/reports/block_hits.h"
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
  BlockHits blocks = {};                 ///< of formats that tell of statements in place of lines
  std::optional<LineCount> root = {};    ///< the lowest counts of a report's own that stand for or against its lines
  std::string unlisted = {};             ///< a report that lists no lines, only counts
  int measured = 0;                      ///< reports with anything to count
  std::vector<std::string> doubts = {};  ///< where a report disagrees with itself

  /// The lower one of the root and the lines, among which each statement counts as one.
  LineCount count() const;
  /// Counts without lines may be those of lines that another report lists.
  bool can_be_joined() const { return unlisted.empty() || measured == 1; }
  LineCoverage& operator+=(const LineCoverage& other);
};

/// The time that 95 of 100 requests took at most.
struct P95 {
  enum class Basis {
    declared,  ///< the report says it
    computed,  ///< of every request, by nearest rank
    bound,     ///< the report's P99 in its place: the P95 is that or less
  };
  double ms = 0;
  Basis basis = Basis::declared;
};

/// What load tests measured; of several the worst of each.
struct LoadResults {
  std::optional<P95> p95 = {};
  long long requests = 0;
  std::optional<double> failed_share = {};  ///< 0 to 1
  std::string silent = {};                  ///< a report that does not tell how many requests failed
  std::vector<std::string> crossed = {};    ///< thresholds of their own that the tests did not keep
  std::vector<std::string> doubts = {};     ///< why there is no P95 to go by, with the report's name

  LoadResults& operator+=(const LoadResults& other);
};

/// Adds what is worth saying, where there are fewer than five.
void keep_few(std::vector<std::string>& few, const std::string& text);

/// In the order of ReportKind.
using Reading = std::variant<TestResults, LineCoverage, LoadResults, SecurityReport>;
enum class ReportKind { tests, coverage, performance, vulnerabilities };
/// One report, read to its end.
struct ReadReport {
  Reading reading = {};
  std::optional<Time> written = {};  ///< as the report itself says
  std::string about = {};            ///< the digest or commit it is about, as it says itself
};
/// About the first digest that it names.
ReadReport read_as(SecurityReport report, std::optional<Time> written = {});
/// "test results", "coverage", "performance", "vulnerabilities".
std::string_view kind_text(ReportKind kind);

}  // namespace baton::precheck
