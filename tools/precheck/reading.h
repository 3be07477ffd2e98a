// What foreign reports say, whatever their format.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace baton::precheck {

struct TestResults {
  long long tests = 0;
  long long failed = 0;  ///< failures and errors
  long long skipped = 0;
  std::vector<std::string> failures = {};  ///< names of the first ones

  long long passed() const { return tests - failed - skipped; }
  /// Keeps the name where there are fewer than five.
  void name_failure(const std::string& name);
  TestResults& operator+=(const TestResults& other);
};

struct LineCoverage {
  double covered = 0;
  double valid = 0;  ///< lines; 0: nothing was measured

  double percent() const { return valid > 0 ? 100 * covered / valid : 0; }
  LineCoverage& operator+=(const LineCoverage& other);
};

/// In the order of ReportKind.
using Reading = std::variant<TestResults, LineCoverage>;
enum class ReportKind { tests, coverage };
/// "test results", "coverage".
std::string_view kind_text(ReportKind kind);

}  // namespace baton::precheck
