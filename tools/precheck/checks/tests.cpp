// SOP 1.1: all tests pass (unit, integration, E2E).
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "tools/precheck/checks/report_files.h"
#include "tools/precheck/reports/junit.h"

namespace baton::precheck {
namespace {

Observation judge(const TestResults& results, int min_tests) {
  Observation seen{.observed = Measured(results.passed(), "tests passed")};
  seen.message = fmt::format("{}/{} passed, {} skipped", results.passed(), results.tests, results.skipped);
  if (results.failed > 0) {
    seen.outcome = Outcome::fail;
    seen.message += "; failed: " + join(results.failures, ", ");
  } else if (results.passed() < min_tests) {
    // Zero tests is never a pass: nobody looked.
    seen.message =
        fmt::format("{} ran and passed; at least {} are needed", count_text(results.passed(), "test"), min_tests);
  } else {
    seen.outcome = Outcome::pass;
  }
  return seen;
}

template <std::vector<std::string> PrecheckConfig::*globs>
Observation observe(CheckContext& context) {
  TestResults all;
  std::vector<Evidence> evidence;
  for (auto& file : read_reports(context.env, context.env.config.precheck().*globs, "junit")) {
    all += parse_junit(file.bytes, file.name);
    evidence.push_back(std::move(file.evidence));
  }
  Observation seen = judge(all, context.env.config.precheck().min_tests);
  seen.evidence = std::move(evidence);
  return seen;
}

constexpr std::string_view kExpected = "no failure, at least precheck.quality.tests.min_tests passed";

}  // namespace

extern const Check unit_tests{"unit-tests", "1.1",
                              "quality",    "Unit tests",
                              kExpected,    "precheck.quality.tests.unit",
                              true,         observe<&PrecheckConfig::unit_tests>};
extern const Check integration_tests{"integration-tests",
                                     "1.1",
                                     "quality",
                                     "Integration tests",
                                     kExpected,
                                     "precheck.quality.tests.integration",
                                     true,
                                     observe<&PrecheckConfig::integration_tests>};
extern const Check e2e_tests{"e2e-tests", "1.1",
                             "quality",   "E2E tests",
                             kExpected,   "precheck.quality.tests.e2e",
                             true,        observe<&PrecheckConfig::e2e_tests>};

}  // namespace baton::precheck
