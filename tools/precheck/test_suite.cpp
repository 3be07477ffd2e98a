// Zero tests are never a pass: nobody looked.
#include "tools/precheck/test_suite.h"

#include <fmt/format.h>

#include <charconv>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/report_files.h"

namespace baton::precheck {
namespace {

constexpr double kMaxSkippedPercent = 20;

double skipped_percent(const TestResults& results) {
  return results.tests > 0 ? 100.0 * static_cast<double>(results.skipped) / static_cast<double>(results.tests) : 0;
}

std::string counts_of(const TestResults& results) {
  auto text = fmt::format("{}/{} passed, {} skipped", results.passed(), results.tests, results.skipped);
  if (results.flaky > 0) text += fmt::format(", {} flaky: {}", results.flaky, join(results.flakes, ", "));
  return text;
}

Observation by_reports(const TestResults& results, int min_tests) {
  Observation seen{.observed = Measured(results.passed(), "tests passed"), .message = counts_of(results)};
  const auto skipped = skipped_percent(results);
  if (results.failed > 0) {
    seen.outcome = Outcome::fail;
    seen.message += "; failed: " + join(results.failures, ", ");
  } else if (!results.doubts.empty()) {
    seen.outcome = Outcome::unknown;
  } else if (results.passed() < min_tests) {
    seen.message = fmt::format("{} ran and passed, {} skipped; at least {} are needed",
                               count_text(results.passed(), "test"), results.skipped, min_tests);
  } else {
    seen.outcome = results.flaky > 0 || skipped > kMaxSkippedPercent ? Outcome::warn : Outcome::pass;
    if (skipped > kMaxSkippedPercent)
      seen.message +=
          fmt::format("; {} % did not run, over {} %", number_text(skipped), number_text(kMaxSkippedPercent));
  }
  for (const auto& doubt : results.doubts) seen.message += "; " + doubt;
  return seen;
}

/// What the job's own exit code makes of it: some runners leave out of the report what broke beside the tests.
struct ByExitCode {
  Outcome outcome = Outcome::pass;
  std::string message = {};
};

ByExitCode by_exit_code(const std::string& text) {
  const auto code = trim(text);
  int number = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (code.empty() || error != std::errc{} || end != code.data() + code.size()) {
    return {.outcome = Outcome::unknown,
            .message = "the exit code of the job is '" + printable(code, 40) + "', which is no number"};
  }
  if (number == 0) return {};
  return {.outcome = Outcome::fail, .message = fmt::format("the job ended with exit code {}", number)};
}

}  // namespace

Observation judge_suite(const TestResults& results, const SuiteRules& rules) {
  auto seen = by_reports(results, rules.min_tests);
  if (!rules.exit_code) return seen;
  const auto by_code = by_exit_code(*rules.exit_code);
  if (by_code.outcome == Outcome::pass) return seen;
  if (seen.outcome != Outcome::fail) seen.outcome = by_code.outcome;
  seen.message += "; " + by_code.message;
  return seen;
}

Observation look_at_suite(const Look& look, const std::vector<std::string>& globs, const SuiteRules& rules) {
  TestResults all;
  auto evidence = read_reports(look, globs, ReportKind::tests,
                               [&](const Reading& reading) { all += std::get<TestResults>(reading); });
  auto seen = judge_suite(all, rules);
  seen.evidence = std::move(evidence);
  return seen;
}

}  // namespace baton::precheck
