// The quality gates at their limits.
#include <gtest/gtest.h>

#include "common/core/finding_text.h"
#include "tests/precheck/scene.h"
#include "tools/precheck/checklist.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;

Finding coverage_of(const std::string& covered, Duration age = Duration{0}, const std::string& min = "80") {
  const WrittenFile report("c.xml", "<coverage lines-covered='" + covered + "' lines-valid='1000'/>");
  EnvScene scene("precheck: {quality: {coverage: {min: " + min + ", reports: ['" + report.path() + "']}}}");
  report.age_in(scene, age);
  return look_at(scene, "coverage");
}

// SOP 1.1: test coverage >= 80 %.
TEST(CoverageCheck, PassesAtEightyPercentAndFailsBelow) {
  EXPECT_EQ(coverage_of("800").outcome, Outcome::pass);
  EXPECT_EQ(coverage_of("799").outcome, Outcome::fail);
}

TEST(CoverageCheck, AReportOverItsAgeIsUnknown) {
  EXPECT_EQ(coverage_of("900", 24h).outcome, Outcome::pass);
  EXPECT_EQ(coverage_of("900", 24h + 1s).outcome, Outcome::unknown);
}

TEST(CoverageCheck, SaysTheThresholdThatIsConfigured) {
  const auto finding = coverage_of("900", 0s, "95");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding_line(finding), "Test coverage: 90 % (expected >= 95 %); 900 of 1000 lines");
  EXPECT_EQ(to_json(finding)["expected"], Json(">= 95"));
  EXPECT_EQ(to_json(finding)["unit"], Json("%"));
}

Finding unit_tests_of(const std::string& cases, const std::string& min = "1") {
  const WrittenFile report("u.xml", "<testsuite>" + cases + "</testsuite>");
  EnvScene scene("precheck: {quality: {tests: {min_tests: " + min + ", unit: ['" + report.path() + "']}}}");
  report.age_in(scene);
  return look_at(scene, "unit-tests");
}

TEST(TestsCheck, ZeroTestsAreUnknownAndOneFailureFails) {
  EXPECT_EQ(unit_tests_of("").outcome, Outcome::unknown);
  EXPECT_EQ(unit_tests_of("<testcase name='a'><skipped/></testcase>").outcome, Outcome::unknown);
  EXPECT_EQ(unit_tests_of("<testcase name='a'/>").outcome, Outcome::pass);
  EXPECT_EQ(unit_tests_of("<testcase name='a'/><testcase name='b'><failure/></testcase>").outcome, Outcome::fail);
}

TEST(TestsCheck, SaysHowManyTestsAreAskedFor) {
  const auto finding = unit_tests_of("<testcase name='a'/>", "2");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_EQ(finding.expected.text(), "no failure, at least 2 tests passed");
}

}  // namespace
}  // namespace baton::precheck
