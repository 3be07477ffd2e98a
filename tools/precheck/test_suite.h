// What reports of one suite of tests come to: the same of unit tests and of those on staging.
#pragma once

#include <optional>
#include <string>

#include "tools/precheck/check.h"
#include "tools/precheck/reading.h"

namespace baton::precheck {

struct SuiteRules {
  int min_tests = 1;
  std::optional<std::string> exit_code = {};  ///< as the job that ran the suite says it; nothing: nobody asks
};

/// Fails on a failure and on an exit code that is not 0; unknown where the counts cannot be believed, too few tests
/// passed, or the exit code is no number; warns of flaky tests, and where more than a fifth did not run.
Observation judge_suite(const TestResults& results, const SuiteRules& rules);
/// Reads all reports of a suite and judges them. Throws as read_reports() does.
Observation look_at_suite(const Look& look, const std::vector<std::string>& globs, const SuiteRules& rules);

}  // namespace baton::precheck
