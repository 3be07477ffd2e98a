// TAP as harnesses write it, and runs that ended early.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

using Names = std::vector<std::string>;

TestResults parse_tap(const std::string& text) {
  return std::get<TestResults>(read_text(format_named("tap"), text, "t.tap"));
}

void expect_counts(const TestResults& results, long long passed, long long failed, long long skipped) {
  EXPECT_EQ(results.passed(), passed);
  EXPECT_EQ(results.failed, failed);
  EXPECT_EQ(results.skipped, skipped);
}

TEST(TapTest, ThePlanMayStandFirstOrLast) {
  expect_counts(parse_tap("1..2\nok 1 - a\nnot ok 2 - b\n"), 1, 1, 0);
  expect_counts(parse_tap("TAP version 13\nok 1 - a\nok\n1..2\n"), 2, 0, 0);
  EXPECT_EQ(parse_tap("1..2\nok 1 - a\nnot ok 2 - b\n").failures, Names{"b"});
  EXPECT_EQ(parse_tap("1..2\nnot ok 1\nnot ok\n").failures, (Names{"test 1", "a test without a name"}));
}

TEST(TapTest, WhatIsSkippedOrStillToBeDoneHasNotPassed) {
  expect_counts(
      parse_tap("1..4\nok 1 # SKIP no server\nnot ok 2 - b # TODO later\nok 3 # skip\nok 4 - c # TODO works\n"), 1, 0,
      3);
  expect_counts(parse_tap("1..1\nnot ok 1 - a # SKIP but it ran\n"), 0, 1, 0);
  expect_counts(parse_tap("1..2\nok 1 - issue \\# skip\nok 2 - #12 is fixed\n"), 2, 0, 0);
}

TEST(TapTest, FewerTestsThanPlannedAndNoPlanAreFailures) {
  const auto fewer = parse_tap("1..3\nok 1 - a\n");
  expect_counts(fewer, 1, 2, 0);
  EXPECT_EQ(fewer.failures, Names{"t.tap: 3 tests planned, 1 ran"});
  EXPECT_EQ(parse_tap("ok 1 - a\n").failures, Names{"t.tap: there is no plan, so the run ended early"});
  EXPECT_EQ(parse_tap("TAP version 14\n").failed, 1);
  expect_counts(parse_tap("1..1\nok 1 - a\n"), 1, 0, 0);
}

TEST(TapTest, MoreTestsThanPlannedAndTwoPlansAreDoubts) {
  EXPECT_EQ(parse_tap("1..1\nok 1\nok 2\n").doubts, Names{"t.tap: 1 test planned, 2 ran"});
  EXPECT_EQ(parse_tap("1..1\nok 1\n1..1\n").doubts, Names{"t.tap: a plan stands twice"});
}

TEST(TapTest, BailingOutIsAFailureWhereverItStands) {
  const auto results = parse_tap("1..1\nok 1 - a\nBail out! no database\n");
  EXPECT_EQ(results.failures, Names{"Bail out! no database"});
  EXPECT_EQ(parse_tap("1..1\n    1..1\n    Bail out!\nok 1\n").failed, 2);
}

TEST(TapTest, NothingPlannedIsNoTest) { expect_counts(parse_tap("1..0 # SKIP no perl\n"), 0, 0, 0); }

TEST(TapTest, ASubtestCountsByItsOwnTests) {
  expect_counts(parse_tap("1..2\n    1..2\n    ok 1 - a\n    ok 2 - b\nok 1 - both\nok 2 - c\n"), 3, 0, 0);
  const auto failed = parse_tap("1..1\n    1..2\n    ok 1 - a\n    not ok 2 - b\nnot ok 1 - both\n");
  expect_counts(failed, 1, 1, 0);
  EXPECT_EQ(failed.failures, Names{"b"});
  expect_counts(parse_tap("1..1\n    1..1\n    ok 1 - a\nnot ok 1 - after hook\n"), 1, 1, 0);
  expect_counts(parse_tap("1..1\n    1..1\n    not ok 1 - a\nok 1 - claims to be good\n"), 0, 1, 0);
  expect_counts(parse_tap("1..1\n    1..1\n    not ok 1 - a\nnot ok 1 - later # TODO\n"), 0, 0, 1);
}

TEST(TapTest, ASubtestThatEndsEarlyIsAFailure) {
  EXPECT_EQ(parse_tap("1..1\n    1..2\n    ok 1 - a\nok 1 - both\n").failed, 1);
  EXPECT_EQ(parse_tap("1..1\n    ok 1 - a\nok 1 - both\n").failed, 1);
  EXPECT_EQ(parse_tap("1..1\n        1..1\n        ok 1\n    1..1\n    ok 1\nok 1\n").failed, 0);
}

TEST(TapTest, DiagnosesAreNoTests) {
  expect_counts(parse_tap("1..2\nok 1 - a\n  ---\n  ok 9 - of the diagnosis\n  1..7\n  ...\n# ok 3\nok 2 - b\nokay\n"),
                2, 0, 0);
}

TEST(TapTest, DocumentsMayStandBehindOneAnother) {
  expect_counts(parse_tap("TAP version 13\n1..1\nok 1\nTAP version 13\n1..1\nnot ok 1\n"), 1, 1, 0);
  EXPECT_EQ(parse_tap("TAP version 13\n1..2\nok 1\nTAP version 13\n1..1\nok 1\n").failed, 1);
}

TEST(TapTest, WhatIsNoneIsUnknown) {
  for (const char* text : {"", "hello\n", "okay 1\n", "1..x\n", "1..1000000001\n", "1..1\nok 1 # SK", "# ok 1\n"}) {
    try {
      const auto results = parse_tap(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::unknown);
      EXPECT_TRUE(std::string(error.what()).starts_with("t.tap: ")) << error.what();
    }
  }
}

TEST(TapTest, SubtestsAreNestedToAHundredLevelsAtMost) {
  std::string text;
  for (int level = 0; level < 100; ++level) text += std::string(static_cast<std::size_t>(level), ' ') + "ok 1\n";
  EXPECT_NO_THROW(parse_tap(text));
  EXPECT_THROW(parse_tap(text + std::string(100, ' ') + "ok 1\n"), Error);
}

}  // namespace
}  // namespace baton::precheck
