// The quality gates at their limits.
#include <gtest/gtest.h>

#include "common/core/finding_text.h"
#include "common/core/units.h"
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

/// A check of `globs` in this configuration, at the time its file was written.
Finding look_in(const WrittenFile& report, const std::string& quality, const std::string& check, Evidence* evidence) {
  EnvScene scene("precheck: {quality: {" + quality + "}}");
  report.age_in(scene);
  const auto checked = run_in(scene, {.only = {check}});
  if (evidence != nullptr && checked.evidence.size() == 1) *evidence = checked.evidence.front();
  return finding_of(checked, check);
}

TEST(TestsCheck, AFileThatTwoPatternsMatchCountsOnce) {
  const WrittenFile report("u.xml", "<testsuite><testcase name='a'/></testsuite>");
  const auto folder = fs::path(report.path()).parent_path().string();
  const auto finding = look_in(
      report,
      "tests: {min_tests: 2, unit: ['" + report.path() + "', '" + folder + "/*.xml', '" + folder + "/./u.xml']}",
      "unit-tests", nullptr);
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_EQ(finding.message, "1 test ran and passed, 0 skipped; at least 2 are needed");
  EXPECT_EQ(finding.files.size(), 1U);
}

TEST(TestsCheck, AReportThatDisagreesWithItselfIsUnknownUnlessItFails) {
  const std::string one = "<testcase name='a'/>";
  const auto cut = unit_tests_of("<testsuite tests='250'>" + one + "</testsuite>");
  EXPECT_EQ(cut.outcome, Outcome::unknown);
  EXPECT_NE(cut.message.find("u.xml disagrees with itself: 250 tests declared, 1 listed"), std::string::npos)
      << cut.message;
  EXPECT_EQ(unit_tests_of("<testsuite tests='250' failures='3'>" + one + "</testsuite>").outcome, Outcome::fail);
  EXPECT_EQ(unit_tests_of("<testsuite tests='1' failures='0'>" + one + "</testsuite>").outcome, Outcome::pass);
}

TEST(TestsCheck, TestsThatDidNotRunAreNoTests) {
  const auto finding = unit_tests_of("<testcase name='a' status='notrun' result='suppressed'/>");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_EQ(finding.message, "0 tests ran and passed, 1 skipped; at least 1 are needed");
}

TEST(TestsCheck, AFlakyTestIsAWarningThatNamesIt) {
  const auto finding = unit_tests_of("<testcase name='a'><failure/></testcase><testcase name='a'/>");
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_EQ(finding.message, "1/1 passed, 0 skipped, 1 flaky: .a");
}

TEST(TestsCheck, TestsWithoutANameAreUnknown) {
  EXPECT_EQ(unit_tests_of("<testcase/>").outcome, Outcome::unknown);
  EXPECT_EQ(unit_tests_of("<testcase/><testcase><failure/></testcase>").outcome, Outcome::fail);
}

TEST(ReportAge, TheOlderOfTheReportsOwnTimeAndTheFilesCounts) {
  const WrittenFile report("r.xml", "<testsuite timestamp='2024-01-01T00:00:00'><testcase name='a'/></testsuite>");
  const auto at = *parse_rfc3339("2024-01-01T00:00:00Z");
  const auto age = report.written() - at;
  const auto outcome_with = [&](Duration max_age) {
    EnvScene scene("precheck: {max_age: " + to_text(max_age) + ", quality: {tests: {unit: ['" + report.path() +
                   "']}}}");
    scene.clock.advance(at + std::chrono::ceil<std::chrono::seconds>(age) - scene.clock.now());
    return look_at(scene, "unit-tests");
  };
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(age);
  EXPECT_EQ(outcome_with(seconds).outcome, Outcome::pass);
  const auto old = outcome_with(seconds - 1s);
  EXPECT_EQ(old.outcome, Outcome::unknown);
  EXPECT_NE(old.message.find("old by its own time stamp 2024-01-01T00:00:00Z"), std::string::npos) << old.message;
}

TEST(ReportAge, ATimeStampInTheFutureMakesNoFileYounger) {
  const WrittenFile report("r.xml", "<testsuite timestamp='2999-01-01T00:00:00'><testcase name='a'/></testsuite>");
  EnvScene scene("precheck: {quality: {tests: {unit: ['" + report.path() + "']}}}");
  report.age_in(scene, 24h + 1s);
  EXPECT_EQ(look_at(scene, "unit-tests").outcome, Outcome::unknown);
}

TEST(ReportEvidence, SaysOnlyWhatTheReportItselfSays) {
  Evidence evidence;
  const WrittenFile silent("c.xml", "<coverage lines-covered='9' lines-valid='10'/>");
  look_in(silent, "coverage: {reports: ['" + silent.path() + "']}", "coverage", &evidence);
  EXPECT_EQ(evidence.about, "unknown");
  EXPECT_EQ(evidence.produced_at, "unknown");
  const WrittenFile dated("c.xml", "<coverage lines-covered='9' lines-valid='10' timestamp='32503680000'/>");
  look_in(dated, "coverage: {reports: ['" + dated.path() + "']}", "coverage", &evidence);
  EXPECT_EQ(evidence.about, "unknown");
  EXPECT_EQ(evidence.produced_at, "3000-01-01T00:00:00Z");
}

TEST(CoverageCheck, TheLowerShareDecidesAndIsSaid) {
  const WrittenFile report("c.xml",
                           "<coverage lines-covered='400' lines-valid='1000'><class filename='a'><line number='1' "
                           "hits='1'/></class></coverage>");
  const auto finding = look_in(report, "coverage: {reports: ['" + report.path() + "']}", "coverage", nullptr);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("400 of 1000 lines; "), std::string::npos) << finding.message;
  EXPECT_NE(finding.message.find("c.xml disagrees with itself: 100 % by its 1 line, 40 % by its root"),
            std::string::npos)
      << finding.message;
}

TEST(CoverageCheck, CountsThatCannotBeJoinedAreUnknown) {
  const WrittenFile lines("a.xml", "<coverage><class filename='a'><line number='1' hits='1'/></class></coverage>");
  const WrittenFile counts("b.xml", "<coverage lines-covered='9' lines-valid='10'/>");
  const auto finding =
      look_in(counts, "coverage: {reports: ['" + lines.path() + "', '" + counts.path() + "']}", "coverage", nullptr);
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_NE(finding.message.find("b.xml lists no lines"), std::string::npos) << finding.message;
}

}  // namespace
}  // namespace baton::precheck
