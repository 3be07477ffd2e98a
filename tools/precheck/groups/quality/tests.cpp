// SOP 1.1: all tests pass (unit, integration, E2E).
#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/test_suite.h"

namespace baton::precheck {
namespace {

template <std::vector<std::string> QualityConfig::*globs>
Observation observe(const Look& look, std::string_view suite) {
  const auto& config = look.config().precheck().quality;
  SuiteRules rules{.min_tests = config.min_tests};
  const auto code = config.exit_codes.find(std::string(suite));
  if (code != config.exit_codes.end()) rules.exit_code = code->second;
  return look_at_suite(look, config.*globs, rules);
}

Expected expected(const Config& config) {
  return "no failure, at least " + count_text(config.precheck().quality.min_tests, "test") + " passed";
}

}  // namespace

extern const Check unit_tests{
    .id = "unit-tests",
    .sop = "1.1",
    .title = "Unit tests",
    .expected = expected,
    .needs = "precheck.quality.tests.unit",
    .critical = true,
    .observe = [](const Look& look) { return observe<&QualityConfig::unit_tests>(look, "unit"); }};
extern const Check integration_tests{
    .id = "integration-tests",
    .sop = "1.1",
    .title = "Integration tests",
    .expected = expected,
    .needs = "precheck.quality.tests.integration",
    .critical = true,
    .observe = [](const Look& look) { return observe<&QualityConfig::integration_tests>(look, "integration"); }};
extern const Check e2e_tests{
    .id = "e2e-tests",
    .sop = "1.1",
    .title = "E2E tests",
    .expected = expected,
    .needs = "precheck.quality.tests.e2e",
    .critical = true,
    .is_waivable = false,
    .observe = [](const Look& look) { return observe<&QualityConfig::e2e_tests>(look, "e2e"); }};

}  // namespace baton::precheck
