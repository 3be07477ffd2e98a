// Events of go test.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

using Names = std::vector<std::string>;

std::string event(const std::string& action, const std::string& test = "", const std::string& package = "shop") {
  const auto of_test = test.empty() ? "" : R"(,"Test":")" + test + "\"";
  return R"({"Time":"2026-01-02T03:04:05Z","Action":")" + action + R"(","Package":")" + package + "\"" + of_test +
         "}\n";
}

ReadReport read_events(const std::string& text) {
  return read_report_text(format_named("go-test-json"), text, "t.json");
}
TestResults parse_events(const std::string& text) { return std::get<TestResults>(read_events(text).reading); }

TEST(GoTestJsonTest, CountsTestsByTheirResults) {
  const auto results = parse_events(event("start") + event("run", "TestA") + event("pass", "TestA") +
                                    event("skip", "TestB") + event("fail", "TestC") + event("fail"));
  EXPECT_EQ(results.tests, 3);
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(results.skipped, 1);
  EXPECT_EQ(results.failures, Names{"shop.TestC"});
}

TEST(GoTestJsonTest, ASubtestIsATestBesideTheOneItBelongsTo) {
  const auto results =
      parse_events(event("fail", "TestA/two") + event("pass", "TestA/one") + event("fail", "TestA") + event("fail"));
  EXPECT_EQ(results.tests, 3);
  EXPECT_EQ(results.failures, (Names{"shop.TestA/two", "shop.TestA"}));
}

TEST(GoTestJsonTest, APackageThatFailsWithoutAFailedTestIsAFailure) {
  EXPECT_EQ(parse_events(event("pass", "TestA") + event("fail")).failures, Names{"shop as a whole"});
  EXPECT_EQ(parse_events(event("fail")).failures, Names{"shop as a whole"});
  EXPECT_EQ(parse_events("{\"ImportPath\":\"shop [shop.test]\",\"Action\":\"build-fail\"}\n").failed, 1);
  EXPECT_EQ(parse_events(event("pass", "TestA") + event("pass")).failed, 0);
}

TEST(GoTestJsonTest, TheLastRunOfATestDecides) {
  const auto rerun =
      parse_events(event("fail", "TestA") + event("fail") + event("start") + event("pass", "TestA") + event("pass"));
  EXPECT_EQ(rerun.tests, 1);
  EXPECT_EQ(rerun.passed(), 1);
  EXPECT_EQ(rerun.flakes, Names{"shop.TestA"});
  // With -count=2 the package has failed all the same.
  EXPECT_EQ(parse_events(event("fail", "TestA") + event("pass", "TestA") + event("fail")).failures,
            Names{"shop as a whole"});
  EXPECT_EQ(parse_events(event("pass", "TestA") + event("fail", "TestA") + event("fail")).failures,
            Names{"shop.TestA"});
}

TEST(GoTestJsonTest, APackageWithoutTestsIsNoTest) {
  const auto results = parse_events(event("start") + event("skip"));
  EXPECT_EQ(results.tests, 0);
  EXPECT_EQ(results.failed, 0);
}

TEST(GoTestJsonTest, WasWrittenWhenItsPackagesEnded) {
  EXPECT_EQ(read_events(event("pass", "TestA") + event("pass")).written, parse_rfc3339("2026-01-02T03:04:05Z"));
}

TEST(GoTestJsonTest, ARunThatHasNotEndedIsUnknown) {
  const std::string cases[] = {"",
                               event("start"),
                               event("pass", "TestA"),
                               event("pass", "TestA") + event("pass") + event("start", "", "other"),
                               event("pass") + "FAIL\n",
                               event("pass") + "{\"Package\":\"shop\"}\n",
                               "{\"Action\":\"pass\"}\n",
                               "[]",
                               "{\"Action\":\"pass\",\"Package\":\"sh"};
  for (const auto& text : cases) {
    try {
      parse_events(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::unknown);
      EXPECT_TRUE(std::string(error.what()).starts_with("t.json: ")) << error.what();
    }
  }
}

}  // namespace
}  // namespace baton::precheck
