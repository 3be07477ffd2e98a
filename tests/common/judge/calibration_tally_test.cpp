// What counts as judged, as breached and as found.
#include "common/judge/calibration_tally.h"

#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "common/judge/calibration_ladder.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

using test::followed_by;
using test::Seen;
using test::times;

class TallyTest : public testing::Test {
 protected:
  /// One window, an hour long.
  Calibration tallied(const std::vector<Seen>& seen, const std::string& why_unknown = "") const {
    CalibrationTally tally(criteria_);
    const auto points = test::points(seen);
    Memory memory;
    replay(criteria_, points, memory);
    tally.add(*criteria_.since,
              {.criteria = criteria_, .points = points, .memory = memory, .why_unknown = why_unknown});
    return std::move(tally).finished();
  }
  static const RuleTally& rule(const Calibration& made, std::string_view id) {
    return *std::ranges::find(made.rules, id, &RuleTally::rule);
  }
  static const Detection& errors(const Calibration& made) { return made.detections.front(); }

  Config config_;
  Criteria criteria_{.config = config_, .baseline = test::baseline(), .since = test::time_of_point(0)};
};

TEST_F(TallyTest, AQuietWindowIsJudgedByEveryRule) {
  const auto made = tallied(times(240, {}));
  EXPECT_EQ(made.judged(), 1U);
  EXPECT_EQ(made.rules.size(), rules().size() + 1) << "and the soak's";
  for (const auto& one : made.rules) {
    EXPECT_EQ(one.windows, 1) << one.rule;
    EXPECT_TRUE(one.breaches.empty()) << one.rule;
  }
  EXPECT_EQ(made.detections.size(), 9U) << "a warning and a critical limit each, of the drop a warning";
  for (const auto& one : made.detections) EXPECT_EQ(one.windows, 1) << one.metric;
}

TEST_F(TallyTest, ARuleThatIsBreachedTwiceCountsOnceWithItsFirstTime) {
  const Seen bad{.errors = 20};
  const auto made = tallied(followed_by(followed_by(followed_by(times(160, {}), 8, bad), 40, {}), 8, bad));
  const auto& errors = rule(made, "error-rate-critical");
  ASSERT_EQ(errors.breaches.size(), 1U);
  EXPECT_GE(errors.breaches[0].from, test::time_of_point(160));
  EXPECT_LE(errors.breaches[0].from, test::time_of_point(162));
}

TEST_F(TallyTest, AnUnknownWindowIsNoCleanOneAndItsBreachCountsAllTheSame) {
  const auto quiet = tallied(times(240, {}), "gaps");
  EXPECT_EQ(quiet.unknown.size(), 1U);
  EXPECT_EQ(quiet.judged(), 0U);
  for (const auto& one : quiet.rules) EXPECT_EQ(one.windows, 0) << one.rule;
  EXPECT_EQ(errors(quiet).windows, 0);
  const auto bad = tallied(followed_by(times(40, {}), 200, {.errors = 20}), "gaps");
  EXPECT_EQ(rule(bad, "error-rate-critical").windows, 1);
  EXPECT_EQ(rule(bad, "error-rate-critical").breaches.size(), 1U);
  EXPECT_EQ(rule(bad, "cpu-critical").windows, 0);
}

TEST_F(TallyTest, WhereTooFewRequestsCameNothingWasRolledBackAndLittleIsFound) {
  const auto made = tallied(times(240, {.requests = 0.02 * 15}));
  EXPECT_EQ(rule(made, "error-rate-critical").windows, 1);
  EXPECT_EQ(errors(made).windows, 1);
  ASSERT_NE(errors(made).smallest(), nullptr);
  EXPECT_EQ(errors(made).smallest()->regression, "+20 points");
}

TEST_F(TallyTest, ARuleWithoutSamplesOrBaselineIsNotJudged) {
  EXPECT_EQ(rule(tallied(times(240, {.latency = {}})), "latency-p95-critical").windows, 0);
  criteria_.baseline.metrics.erase("request_drop");
  EXPECT_EQ(rule(tallied(times(240, {})), "request-drop-warning").windows, 0);
}

// What held without a regression is not found by it.
TEST_F(TallyTest, AWindowThatBreachesByItselfFindsNothing) {
  const auto made = tallied(times(240, {.errors = 20}));
  ASSERT_EQ(errors(made).metric, "error_rate");
  EXPECT_EQ(errors(made).windows, 0);
  EXPECT_EQ(made.detections.back().windows, 1);
}

TEST_F(TallyTest, AWarningThroughTheWholeSoakRollsBack) {
  const auto made = tallied(followed_by(times(40, {.errors = 3}), 200, {}));
  ASSERT_EQ(rule(made, kThroughSoak).breaches.size(), 1U);
  EXPECT_EQ(rule(made, kThroughSoak).breaches[0].from, test::time_of_point(0));
  EXPECT_TRUE(rule(tallied(followed_by(times(10, {.errors = 3}), 200, {})), kThroughSoak).breaches.empty());
}

TEST_F(TallyTest, WhatIsNotJudgedHasNoRow) {
  criteria_.not_applicable = {{"latency_p95", "a batch worker"}};
  config_.watch().limits.at("cpu").rollback.reset();
  const auto made = tallied(times(240, {}));
  EXPECT_EQ(std::ranges::count_if(made.rules, [](const auto& one) { return one.rule.starts_with("latency"); }), 0);
  EXPECT_EQ(std::ranges::count(made.rules, "cpu-critical", &RuleTally::rule), 0);
  EXPECT_EQ(std::ranges::count(made.detections, "cpu", &Detection::metric), 1);
}

}  // namespace
}  // namespace baton::judge
