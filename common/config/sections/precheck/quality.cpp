// Gates and their reports.
#include "common/config/sections/precheck/quality.h"

#include "common/config/ranges.h"
#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_quality(std::vector<Key>& all) {
  using Quality = QualityConfig;
  const Section section(all, "precheck.quality.", [](auto& config) -> auto& { return config.precheck().quality; },
                        {"precheck"});
  section.key("review.min", "Least review score of 100", &Quality::review_min,
              number_within(0.0, 100.0, "a score from 0 to 100"));
  section.key("review.file", "JSON file that holds the review score", &Quality::review_file);
  section.key("review.pointer", "Pointer to the score in it", &Quality::review_pointer);
  section.word("review.forge", "Whose reviews of the release's commit count", &Quality::review_forge,
               Words{{"github", "gitlab"}});
  section.key("review.approvals", "Least approvals there", &Quality::review_approvals,
              number_within(1, 100, "a number from 1 to 100"));
  section.fills(
      section.key("review.sonarqube", "Quality gate of a project: {url, token, project}", &Quality::sonarqube), {});
  section.key("coverage.min", "Least line coverage in percent", &Quality::coverage_min,
              number_within(0.0, 100.0, "a percentage from 0 to 100"));
  section.key("coverage.reports", "Reports of line coverage", &Quality::coverage_reports);
  section.key("tests.unit", "Results of the unit tests", &Quality::unit_tests);
  section.key("tests.integration", "Results of the integration tests", &Quality::integration_tests);
  section.key("tests.e2e", "Results of the end-to-end tests", &Quality::e2e_tests);
  section.key("tests.min_tests", "Least number of tests a suite must have run", &Quality::min_tests,
              number_within(1, 1'000'000, "a number from 1 to 1000000"));
  section.key("tests.exit_code", "What the job of a suite ended with: {unit, integration, e2e}", &Quality::exit_codes);
  section.key("vulnerabilities.reports", "Reports of vulnerability scanners", &Quality::vulnerability_reports);
  section.key("vulnerabilities.max_critical", "Most critical ones (P0)", &Quality::max_critical,
              number_within(0, 1'000'000, "a number from 0 to 1000000"));
  section.key("vulnerabilities.max_high", "Most high ones (P1)", &Quality::max_high,
              number_within(0, 1'000'000, "a number from 0 to 1000000"));
  section.key("vulnerabilities.vex", "VEX documents that say what does not affect the app", &Quality::vex);
  section.key("performance.max_p95", "What P95 must stay under", &Quality::max_p95);
  section.key("performance.reports", "Reports of load tests", &Quality::performance_reports);
  section.key("performance.query", "PromQL of P95 in seconds, instead of reports", &Quality::performance_query);
}

}  // namespace baton::config
