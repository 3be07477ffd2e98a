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

/// Of ten tests that passed, and the job that ran them.
Finding unit_tests_with_code(const std::string& code, const std::string& cases = "<testcase name='a'/>") {
  const WrittenFile report("u.xml", "<testsuite>" + cases + "</testsuite>");
  EnvScene scene("precheck: {quality: {tests: {unit: ['" + report.path() + "'], exit_code: {unit: '" + code + "'}}}}");
  report.age_in(scene);
  return look_at(scene, "unit-tests");
}

// Some runners leave out of the report what broke beside the tests.
TEST(TestsCheck, TheExitCodeOfTheJobCounts) {
  EXPECT_EQ(unit_tests_with_code("0").outcome, Outcome::pass);
  const auto failed = unit_tests_with_code("1");
  EXPECT_EQ(failed.outcome, Outcome::fail);
  EXPECT_EQ(failed.message, "1/1 passed, 0 skipped; the job ended with exit code 1");
  EXPECT_EQ(unit_tests_with_code("-1").outcome, Outcome::fail);
  for (const char* code : {"", "success", "0x0", "0 ok", "99999999999"}) {
    EXPECT_EQ(unit_tests_with_code(code).outcome, Outcome::unknown) << code;
  }
  EXPECT_EQ(unit_tests_with_code("0", "<testcase name='a'><failure/></testcase>").outcome, Outcome::fail);
  EXPECT_EQ(unit_tests_with_code("ok", "<testcase name='a'><failure/></testcase>").outcome, Outcome::fail);
  EXPECT_EQ(unit_tests_with_code("0", "").outcome, Outcome::unknown);
}

TEST(TestsCheck, TheExitCodeOfAnotherSuiteDoesNotCount) {
  const WrittenFile report("u.xml", "<testsuite><testcase name='a'/></testsuite>");
  EnvScene scene("precheck: {quality: {tests: {unit: ['" + report.path() + "'], exit_code: {e2e: '1'}}}}");
  report.age_in(scene);
  EXPECT_EQ(look_at(scene, "unit-tests").outcome, Outcome::pass);
}

TEST(TestsCheck, MoreThanAFifthSkippedIsAWarning) {
  const auto with = [](int passed, int skipped) {
    std::string cases;
    for (int i = 0; i < passed; ++i) cases += "<testcase name='p" + std::to_string(i) + "'/>";
    for (int i = 0; i < skipped; ++i) cases += "<testcase name='s" + std::to_string(i) + "'><skipped/></testcase>";
    return unit_tests_of(cases);
  };
  EXPECT_EQ(with(8, 2).outcome, Outcome::pass);
  const auto finding = with(79, 21);
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_EQ(finding.message, "79/100 passed, 21 skipped; 21 % did not run, over 20 %");
}

TEST(CoverageCheck, ReportsOfAnyFormatAreJoinedByFileAndLine) {
  const WrittenFile lcov("a.info", "TN:\nSF:/src/a.c\nDA:1,1\nDA:2,0\nend_of_record\n");
  const WrittenFile cobertura("b.xml",
                              "<coverage><class filename='/src/a.c'><line number='2' hits='1'/></class></coverage>");
  const auto finding = look_in(cobertura, "coverage: {reports: ['" + lcov.path() + "', '" + cobertura.path() + "']}",
                               "coverage", nullptr);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message, "2 of 2 lines");
}

TEST(CoverageCheck, OfGoStatementsAreCounted) {
  const WrittenFile profile("c.out", "mode: set\na.go:1.2,3.4 4 1\na.go:5.2,6.4 1 0\n");
  const auto finding = look_in(profile, "coverage: {reports: ['" + profile.path() + "']}", "coverage", nullptr);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.message, "4 of 5 statements");
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
