// SOP 1.1: all tests pass (unit, integration, E2E).
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/report_files.h"

namespace baton::precheck {
namespace {

std::string counts_of(const TestResults& results) {
  auto text = fmt::format("{}/{} passed, {} skipped", results.passed(), results.tests, results.skipped);
  if (results.flaky > 0) text += fmt::format(", {} flaky: {}", results.flaky, join(results.flakes, ", "));
  return text;
}

Observation judge(const TestResults& results, int min_tests) {
  Observation seen{.observed = Measured(results.passed(), "tests passed"), .message = counts_of(results)};
  if (results.failed > 0) {
    seen.outcome = Outcome::fail;
    seen.message += "; failed: " + join(results.failures, ", ");
  } else if (!results.doubts.empty()) {
    seen.outcome = Outcome::unknown;
  } else if (results.passed() < min_tests) {
    // Zero tests is never a pass: nobody looked.
    seen.message = fmt::format("{} ran and passed, {} skipped; at least {} are needed",
                               count_text(results.passed(), "test"), results.skipped, min_tests);
  } else {
    seen.outcome = results.flaky > 0 ? Outcome::warn : Outcome::pass;
  }
  for (const auto& doubt : results.doubts) seen.message += "; " + doubt;
  return seen;
}

template <std::vector<std::string> QualityConfig::*globs>
Observation observe(const Look& look) {
  TestResults all;
  auto evidence = read_reports(look, look.config().precheck().quality.*globs, ReportKind::tests,
                               [&](const Reading& reading) { all += std::get<TestResults>(reading); });
  Observation seen = judge(all, look.config().precheck().quality.min_tests);
  seen.evidence = std::move(evidence);
  return seen;
}

Expected expected(const Config& config) {
  return "no failure, at least " + count_text(config.precheck().quality.min_tests, "test") + " passed";
}

}  // namespace

extern const Check unit_tests{.id = "unit-tests",
                              .sop = "1.1",
                              .title = "Unit tests",
                              .expected = expected,
                              .needs = "precheck.quality.tests.unit",
                              .critical = true,
                              .observe = observe<&QualityConfig::unit_tests>};
extern const Check integration_tests{.id = "integration-tests",
                                     .sop = "1.1",
                                     .title = "Integration tests",
                                     .expected = expected,
                                     .needs = "precheck.quality.tests.integration",
                                     .critical = true,
                                     .observe = observe<&QualityConfig::integration_tests>};
extern const Check e2e_tests{.id = "e2e-tests",
                             .sop = "1.1",
                             .title = "E2E tests",
                             .expected = expected,
                             .needs = "precheck.quality.tests.e2e",
                             .critical = true,
                             .is_waivable = false,
                             .observe = observe<&QualityConfig::e2e_tests>};

}  // namespace baton::precheck
