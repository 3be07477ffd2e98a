// JUnit as runners write it, and what is none.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

using Names = std::vector<std::string>;

TestResults parse_junit(const std::string& text, std::string_view name = "unit.xml") {
  return std::get<TestResults>(read_text(format_named("junit"), text, name));
}

/// Of one suite with these cases.
TestResults parse_cases(const std::string& cases, const std::string& attributes = "name='s'") {
  return parse_junit("<testsuite " + attributes + ">" + cases + "</testsuite>");
}

TEST(JunitTest, CountsCasesByWhatStandsBelowThem) {
  const auto results = parse_junit(
      R"(<testsuites tests="4" failures="0"><testsuite tests="4"><testcase name="a"/><testcase name="b"><failure/></testcase>
         <testcase name="c"><skipped/></testcase><testcase name="d"><error/></testcase></testsuite></testsuites>)");
  EXPECT_EQ(results.tests, 4);
  EXPECT_EQ(results.failed, 2);
  EXPECT_EQ(results.skipped, 1);
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(results.failures, (Names{".b", ".d"}));
  EXPECT_EQ(results.doubts, Names{});
}

TEST(JunitTest, ACaseWithTwoFailuresIsOneCase) {
  const auto results = parse_cases(R"(<testcase name="a"><failure/><failure/></testcase>)", "failures='2'");
  EXPECT_EQ(results.tests, 1);
  EXPECT_EQ(results.failed, 1);
}

TEST(JunitTest, NamesOnlyTheFirstFiveFailures) {
  std::string text;
  for (int i = 0; i < 9; ++i) text += "<testcase name='t" + std::to_string(i) + "'><failure/></testcase>";
  EXPECT_EQ(parse_cases(text).failures.size(), 5U);
  EXPECT_EQ(parse_cases(text).failed, 9);
}

TEST(JunitTest, AnErrorOfASuiteIsOneFailedCase) {
  const auto results = parse_junit(
      R"(<testsuites><testsuite name="shop.OrderTest" tests="2"><testcase classname="o" name="one"/><testcase classname="o" name="two"/></testsuite>
         <testsuite name="shop.PayTest" tests="0" errors="1"><error message="could not load class"/><error/></testsuite></testsuites>)");
  EXPECT_EQ(results.failed, 1);
  EXPECT_EQ(results.passed(), 2);
  EXPECT_EQ(results.failures, Names{"shop.PayTest.<init>"});
}

TEST(JunitTest, AFailureThatIsDeclaredAndNotListedIsOne) {
  const auto results = parse_junit(
      R"(<testsuites tests="2" errors="1"><testsuite name="Chrome 120" tests="2" errors="1"><testcase name="one"/><testcase name="two"/>
         <system-err>Disconnected</system-err></testsuite></testsuites>)");
  EXPECT_EQ(results.failed, 1);
  EXPECT_EQ(results.failures, Names{"Chrome 120: 1 failure declared, 0 listed"});
  EXPECT_EQ(results.doubts, Names{});
}

TEST(JunitTest, FailuresWithoutAnyCaseAreFailures) {
  EXPECT_EQ(parse_junit("<testsuites tests='6' failures='1'/>").failed, 1);
  EXPECT_EQ(parse_junit("<testsuites failures='99999999999999999999'/>").failed, 1'000'000'000'000);
}

TEST(JunitTest, AFailureIsDeclaredOnceThoughOuterSuitesRepeatIt) {
  const auto results = parse_junit(
      "<testsuites failures='3'><testsuite name='s' failures='3'><testcase name='a'><failure/></testcase></testsuite>"
      "</testsuites>");
  EXPECT_EQ(results.failed, 3);
}

TEST(JunitTest, CountsThatAreNoNumbersDeclareNothing) {
  const auto results = parse_cases("<testcase name='a'/>", "tests='' failures='none' errors='-1'");
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(results.failed, 0);
  EXPECT_EQ(results.doubts, Names{});
}

TEST(JunitTest, MoreTestsDeclaredThanListedAreADoubtAndFewerAreNone) {
  const std::string one = "<testcase name='only'/>";
  EXPECT_EQ(parse_cases(one, "tests='1'").doubts, Names{});
  EXPECT_EQ(parse_cases(one, "tests='0'").doubts, Names{});
  EXPECT_EQ(parse_cases(one, "tests='2'").doubts, Names{"unit.xml disagrees with itself: 2 tests declared, 1 listed"});
  EXPECT_EQ(parse_junit("<testsuites tests='250'><testsuite tests='250'>" + one + "</testsuite></testsuites>").doubts,
            Names{"unit.xml disagrees with itself: 250 tests declared, 1 listed"});
}

// mocha's reporter leaves pending tests out, and says so only at the root.
TEST(JunitTest, WhatDidNotRunNeedNotBeListed) {
  const std::string suite = "<testsuite tests='3'><testcase name='a'/></testsuite></testsuites>";
  const auto results = parse_junit("<testsuites tests='3' skipped='2'>" + suite);
  EXPECT_EQ(results.doubts, Names{});
  EXPECT_EQ(results.skipped, 2);
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(parse_junit("<testsuites tests='3' skipped='1'>" + suite).doubts.size(), 1U);
}

TEST(JunitTest, PytestCountsSubtestsThatItDoesNotList) {
  const std::string suite = "<testsuite name='pytest' tests='4'><testcase name='a'/></testsuite></testsuites>";
  EXPECT_EQ(parse_junit("<testsuites name='pytest tests'>" + suite).doubts, Names{});
  EXPECT_EQ(parse_junit("<testsuites name='tests'>" + suite).doubts.size(), 1U);
}

TEST(JunitTest, CasesInCasesAreCasesOfTheirOwn) {
  const auto results =
      parse_cases(R"(<testcase name="outer"><testcase name="inner"/><failure message="outer broke"/></testcase>)",
                  "name='s' tests='1' failures='1'");
  EXPECT_EQ(results.failures, Names{".outer"});
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(parse_cases("<testcase name='a'><testcase name='a'><failure/></testcase></testcase>").failed, 1);
}

class NotRun : public testing::TestWithParam<const char*> {};

TEST_P(NotRun, IsSkippedAndNeverPassed) {
  const auto results = parse_cases(std::string("<testcase name='a' ") + GetParam() + "/>");
  EXPECT_EQ(results.skipped, 1);
  EXPECT_EQ(results.passed(), 0);
  EXPECT_EQ(results.failed, 0);
}

INSTANTIATE_TEST_SUITE_P(All, NotRun,
                         testing::Values("status='notrun' result='suppressed'", "status='disabled'",
                                         "status='untested'", "status='Pending'", "result='skipped' status='run'",
                                         "status='notrun'"));

TEST(JunitTest, AStatusOfFailureIsOneAndThatOfARunIsNone) {
  EXPECT_EQ(parse_cases("<testcase name='a' status='failed'/>").failed, 1);
  EXPECT_EQ(parse_cases("<testcase name='a' status='run' result='completed'/>").passed(), 1);
  EXPECT_EQ(parse_cases("<testcase name='a' status='passed'/>").passed(), 1);
}

// ctest exits 8 for a test that it could not start, and 0 for one that asked to be skipped.
TEST(JunitTest, CtestsNotRunIsAFailureUnlessTheTestAskedForIt) {
  const auto not_run = [](const std::string& message) {
    return parse_cases("<testcase name='a' status='notrun'><skipped message='" + message + "'/></testcase>");
  };
  EXPECT_EQ(not_run("Unable to find executable").failed, 1);
  EXPECT_EQ(not_run("Required Files Missing").failed, 1);
  EXPECT_EQ(not_run("").failed, 1);
  EXPECT_EQ(not_run("SKIP_RETURN_CODE=77").skipped, 1);
  EXPECT_EQ(not_run("SKIP_REGULAR_EXPRESSION_MATCHED").skipped, 1);
}

TEST(JunitTest, TheWorstOfSeveralResultsOfACaseCounts) {
  EXPECT_EQ(parse_cases("<testcase name='a'><skipped/><failure/><error/></testcase>", "tests='1' failures='1'").failed,
            1);
  EXPECT_EQ(parse_cases("<testcase name='a'><error/><skipped/></testcase>").failed, 1);
}

TEST(JunitTest, WhatIsStillToBeDoneMayFail) {
  const auto results = parse_cases("<testcase name='a' failure='no'><skipped type='todo'/><failure/></testcase>");
  EXPECT_EQ(results.skipped, 1);
  EXPECT_EQ(results.failed, 0);
}

TEST(JunitTest, AttributesAndMessagesMayBeMissing) {
  const auto results = parse_junit(
      "<testsuites><testsuite><testcase name='a'/><testcase name='b'><failure/></testcase>"
      "</testsuite></testsuites>");
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(results.failures, Names{".b"});
}

// Seconds, milliseconds, nanoseconds, and words.
TEST(JunitTest, NoTimeOfACaseIsAnObstacle) {
  for (const char* time : {"", "4.5e-05", "22.2s", "&lt;&lt;computed>>", "1,024.5", "12000000000", "-1"})
    EXPECT_EQ(parse_cases("<testcase name='a' time='" + std::string(time) + "'/>").passed(), 1) << time;
}

TEST(JunitTest, AByteOrderMarkEntitiesAndOutputAreRead) {
  const auto results = parse_junit(
      "\xEF\xBB\xBF<testsuite><testcase name='a &lt;b> &#x2603;'><failure/></testcase>"
      "<system-out><![CDATA[<testcase name='printed'><failure/></testcase>]]></system-out></testsuite>");
  EXPECT_EQ(results.tests, 1);
  EXPECT_EQ(results.failures, Names{".a <b> \xE2\x98\x83"});
}

TEST(JunitTest, TheLastRunOfACaseDecidesAndItIsFlakyOnce) {
  const std::string good = "<testcase classname='c' name='a'/>";
  const std::string bad = "<testcase classname='c' name='a'><failure/></testcase>";
  const auto flaky = parse_cases(bad + good, "tests='2' failures='1'");
  EXPECT_EQ(flaky.tests, 1);
  EXPECT_EQ(flaky.passed(), 1);
  EXPECT_EQ(flaky.flakes, Names{"c.a"});
  EXPECT_EQ(flaky.failures, Names{});
  const auto often = parse_cases(bad + good + bad + good);
  EXPECT_EQ(often.tests, 1);
  EXPECT_EQ(often.flaky, 1);
  EXPECT_EQ(parse_cases(good + bad).failures, Names{"c.a"});
  EXPECT_EQ(parse_cases(good + good, "tests='1'").tests, 1);
  EXPECT_EQ(parse_cases(good + good).flaky, 0);
}

// pytest-rerunfailures lists each run of a case, and the ones that failed without their failure.
TEST(JunitTest, PytestListsACaseAgainBecauseItFailed) {
  const auto results = parse_junit(
      "<testsuites name='pytest tests'><testsuite name='pytest' tests='1'><testcase classname='t' name='f'/>"
      "<testcase classname='t' name='f'/></testsuite></testsuites>");
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(results.flakes, Names{"t.f"});
}

// Titles are free there, as of test.each, and retries are not listed: a failure beside a pass is a failure.
TEST(JunitTest, RunnersWithFreeTitlesHaveSeveralCasesOfOneName) {
  const std::string suite =
      "<testsuite><testcase name='a'><failure/></testcase><testcase name='a'/></testsuite></testsuites>";
  for (const char* root : {"jest tests", "vitest tests", "Mocha Tests"}) {
    const auto results = parse_junit("<testsuites name='" + std::string(root) + "'>" + suite);
    EXPECT_EQ(results.tests, 2) << root;
    EXPECT_EQ(results.failed, 1) << root;
    EXPECT_EQ(results.flaky, 0) << root;
  }
  EXPECT_EQ(parse_junit("<testsuites name='all tests'>" + suite).flaky, 1);
}

TEST(JunitTest, ASkipAfterAFailureDoesNotMakeItGood) {
  const auto results = parse_cases("<testcase name='a'><failure/></testcase><testcase name='a'><skipped/></testcase>");
  EXPECT_EQ(results.failed, 1);
  EXPECT_EQ(results.tests, 1);
}

TEST(JunitTest, TheSameNameInAnotherSuiteOrClassIsAnotherCase) {
  const std::string bad = "<testcase classname='c' name='a'><failure/></testcase>";
  EXPECT_EQ(parse_cases(bad + "<testcase classname='d' name='a'/>").failed, 1);
  EXPECT_EQ(parse_junit("<testsuites><testsuite name='s'>" + bad +
                        "</testsuite><testsuite name='s'>"
                        "<testcase classname='c' name='a'/></testsuite></testsuites>")
                .failed,
            1);
}

TEST(JunitTest, SurefiresFlakyFailureIsFlakyAndItsRerunFailureAFailure) {
  const auto flaky = parse_cases("<testcase name='a'><flakyFailure/></testcase>", "failures='1'");
  EXPECT_EQ(flaky.passed(), 1);
  EXPECT_EQ(flaky.flaky, 1);
  EXPECT_EQ(parse_cases("<testcase name='a'><failure/><rerunFailure/></testcase>").failed, 1);
  EXPECT_EQ(parse_cases("<testcase name='a'><rerunFailure/></testcase>").failed, 1);
}

TEST(JunitTest, CasesWithoutANameAreNotTakenForRunsOfOneAnother) {
  const auto results = parse_cases("<testcase><failure/></testcase><testcase/><testcase name=''/>");
  EXPECT_EQ(results.tests, 3);
  EXPECT_EQ(results.failed, 1);
  EXPECT_EQ(results.doubts, Names{"unit.xml: 2 test cases passed without a name"});
}

TEST(JunitTest, ASkippedCaseNeedsNoName) {
  EXPECT_EQ(parse_cases("<testcase><skipped/></testcase><testcase classname='c'/>").doubts, Names{});
}

std::optional<Time> written_by(const std::string& text) {
  return read_report_text(format_named("junit"), text, "x").written;
}

TEST(JunitTest, WasWrittenWhenItsOldestSuiteSays) {
  const auto at = [](const char* text) { return parse_rfc3339(text); };
  EXPECT_EQ(written_by("<testsuites timestamp='2024-01-02T00:00:00'><testsuite timestamp='2024-01-01T01:00:00+01:00'/>"
                       "<testsuite timestamp='2024-01-03T00:00:00.123456'/></testsuites>"),
            at("2024-01-01T00:00:00Z"));
  EXPECT_EQ(written_by("<testsuites timestamp='2024-01-02T00:00:00'><testsuite timestamp='1970-01-01T00:00:00.000'/>"
                       "</testsuites>"),
            at("2024-01-02T00:00:00Z"));
  for (const char* text : {"", "yesterday", "0", "1999-12-31T23:59:59", "99999-01-01T00:00:00", "999999999999999999"})
    EXPECT_EQ(written_by("<testsuite timestamp='" + std::string(text) + "'/>"), std::nullopt) << text;
  EXPECT_EQ(written_by("<testsuite timestamp='2000-01-01T00:00:00'/>"), at("2000-01-01T00:00:00Z"));
}

class BadJunit : public testing::TestWithParam<const char*> {};

TEST_P(BadJunit, IsUnknownWithTheFilesName) {
  try {
    parse_junit(GetParam());
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown);
    EXPECT_EQ(std::string(error.what()).rfind("unit.xml: ", 0), 0U) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadJunit,
    testing::Values("", "no xml", "<testsuite>", "<html/>", "<coverage line-rate='1'/>",
                    "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><testsuite>&e;</testsuite>"));

}  // namespace
}  // namespace baton::precheck
