// JUnit XML, as every test runner writes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::precheck {

struct TestResults {
  long long tests = 0;
  long long failed = 0;  ///< failures and errors
  long long skipped = 0;
  std::vector<std::string> failures = {};  ///< names of the first five

  long long passed() const { return tests - failed - skipped; }
  TestResults& operator+=(const TestResults& other);
};

/// Counts the test cases themselves, never the totals somebody wrote into attributes. Throws Error{unknown} when it is
/// not JUnit.
TestResults parse_junit(std::string_view text, std::string_view name);

}  // namespace baton::precheck
