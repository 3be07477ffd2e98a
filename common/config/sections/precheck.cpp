// Gates and their reports.
#include "common/config/sections/precheck.h"

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton::config {

void add_precheck(std::vector<Key>& all) {
  using Precheck = PrecheckConfig;
  const auto at = [](auto& config) -> auto& { return config.precheck(); };
  const Section section(all, "precheck.", at, {"precheck"});
  section.key("max_age", "Oldest report that still counts", &Precheck::max_age, positive());
  // What does not apply is not judged after the switch either.
  const Section judged(all, "precheck.", at, {"precheck", "switch", "watch"});
  judged.key("not_applicable", "Groups or checks switched off, each with its reason", &Precheck::not_applicable)
      .is_guard = true;
  section.key("quality.coverage.min", "Least line coverage in percent", &Precheck::coverage_min,
              number_within(0.0, 100.0, "a percentage from 0 to 100"));
  section.key("quality.coverage.reports", "Cobertura files", &Precheck::coverage_reports);
  section.key("quality.tests.unit", "JUnit files of the unit tests", &Precheck::unit_tests);
  section.key("quality.tests.integration", "JUnit files of the integration tests", &Precheck::integration_tests);
  section.key("quality.tests.e2e", "JUnit files of the end-to-end tests", &Precheck::e2e_tests);
  section.key("quality.tests.min_tests", "Least number of tests a suite must have run", &Precheck::min_tests,
              number_within(1, 1'000'000, "a number from 1 to 1000000"));
  section.url("staging.url", "Staging, probed over switch.smoke", &Precheck::staging_url);
}

}  // namespace baton::config
