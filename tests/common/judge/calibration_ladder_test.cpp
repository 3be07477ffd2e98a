// Regressions in recorded points: the rungs on both sides of every limit.
#include "common/judge/calibration_ladder.h"

#include <gtest/gtest.h>

#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

using test::followed_by;
using test::Seen;
using test::times;

constexpr Held kNothing{};
constexpr Held kWarned{.warning = true};
constexpr Held kRolledBack{.critical = true};
constexpr Held kBoth{.critical = true, .warning = true};

/// A window of an hour in which nothing changes.
class LadderTest : public testing::Test {
 protected:
  static const Ladder& ladder(std::string_view metric) {
    return *std::ranges::find(ladders(), metric, &Ladder::metric);
  }
  Held with(std::string_view metric, double size, const std::vector<Seen>& seen = times(240, {})) const {
    return held_with(ladder(metric), size, criteria_, test::points(seen));
  }

  Config config_;
  Criteria criteria_{.config = config_, .baseline = test::baseline(), .since = test::time_of_point(0)};
};

struct Rung {
  const char* metric;
  double size;
  Held held;
};

// 0.5 % of the requests fail, the P95 is 100 ms, CPU 40 %, memory 50 %; the limits are the SOP's. A P95 of twice as
// much is the slow lane's, which holds +60 % for ten minutes.
TEST_F(LadderTest, EachRungIsFoundOverItsLimitAndNotAtIt) {
  const Rung rungs[] = {
      {"error_rate", 1, kNothing},
      {"error_rate", 2, kWarned},
      {"error_rate", 5, kWarned},
      {"error_rate", 6, kBoth},
      {"error_rate", 10, kBoth},
      {"error_rate", 20, kBoth},
      {"error_rate", 50, kBoth},
      {"latency_p95", 1.25, kWarned},
      {"latency_p95", 1.5, kWarned},
      {"latency_p95", 2, kBoth},
      {"latency_p95", 3, kBoth},
      {"latency_p95", 5, kBoth},
      {"request_drop", 30, kNothing},
      {"request_drop", 50, kNothing},
      {"request_drop", 70, kWarned},
      {"request_drop", 100, kWarned},
      {"cpu", 30, kNothing},
      {"cpu", 40, kNothing},
      {"cpu", 50, kWarned},
      {"cpu", 60, kBoth},
      {"cpu", 90, kBoth},
      {"memory", 30, kNothing},
      {"memory", 40, kWarned},
      {"memory", 50, kBoth},
      {"memory", 90, kBoth},
  };
  for (const auto& [metric, size, held] : rungs) {
    const auto found = with(metric, size);
    EXPECT_EQ(found.critical, held.critical) << metric << " " << size;
    EXPECT_EQ(found.warning, held.warning) << metric << " " << size;
  }
}

TEST_F(LadderTest, EveryMetricThatHasLimitsHasOne) {
  for (const auto* metric : metrics()) {
    const bool has_rules = metric->rules.front().evaluate != nullptr;
    EXPECT_EQ(std::ranges::count(ladders(), metric->id, &Ladder::metric), has_rules ? 1 : 0) << metric->id;
  }
  for (const auto& one : ladders()) EXPECT_TRUE(std::ranges::is_sorted(one.sizes)) << one.metric;
}

TEST_F(LadderTest, WithoutOneNothingHolds) {
  for (const auto* metric : metrics())
    EXPECT_EQ(held_in(*metric, criteria_, test::points(times(240, {}))), kNothing) << metric->id;
}

TEST_F(LadderTest, WhatHoldsLaterThanHalfAnHourIsNotFound) {
  const auto fails_at = [](std::size_t minute) {
    return test::points(followed_by(times(4 * minute, {}), 40, {.errors = 50}));
  };
  EXPECT_TRUE(held_in(kErrorRate, criteria_, fails_at(29)).critical);
  EXPECT_FALSE(held_in(kErrorRate, criteria_, fails_at(31)).critical);
}

// 36 requests in half an hour: five must fail before anything is told.
TEST_F(LadderTest, LittleTrafficFindsOnlyWhatIsLarge) {
  const auto little = times(240, {.requests = 0.02 * 15});
  EXPECT_FALSE(with("error_rate", 6, little).critical);
  EXPECT_TRUE(with("error_rate", 50, little).critical);
}

TEST_F(LadderTest, OfAMetricThatWasNotSeenNothingIsFound) {
  EXPECT_EQ(with("latency_p95", 5, times(240, {.latency = {}})), kNothing);
  EXPECT_EQ(with("request_drop", 100, times(240, {.of_all = {}})), kNothing);
}

TEST_F(LadderTest, NoMoreFailThanCameAndNoMoreIsUsedThanThereIs) {
  const auto worse = [](std::string_view metric, double size) {
    auto point = test::points({{.errors = 80, .cpu = {70, 90}, .memory = {95}}}).front();
    ladder(metric).worsen(point, *find_metric(metric), size);
    return point;
  };
  EXPECT_EQ(worse("error_rate", 50).counts->percent(), 100);
  EXPECT_EQ(worse("error_rate", 10).counts->percent(), 90);
  EXPECT_EQ(worse("cpu", 10).find(*find_metric("cpu"))->value, 90);
  EXPECT_EQ(worse("cpu", 50).find(*find_metric("cpu"))->upper_half, 100);
  EXPECT_EQ(worse("memory", 10).find(*find_metric("memory"))->value, 100);
}

TEST_F(LadderTest, DurationsMoveAlongTheEdgesAndTheInfiniteBucketStays) {
  Point point{.readings = {reading_of_histogram(
                  kLatencyP95, Histogram({{0.1, 60}, {0.2, 90}, {std::numeric_limits<double>::infinity(), 100}}))}};
  ladder("latency_p95").worsen(point, kLatencyP95, 2);
  const auto& edges = point.readings.front().histogram.edges();
  EXPECT_DOUBLE_EQ(edges[0].second, 30) << "half of the first bucket";
  EXPECT_DOUBLE_EQ(edges[1].second, 60);
  EXPECT_DOUBLE_EQ(edges[2].second, 100);
}

TEST_F(LadderTest, AnOwnQuerysNumberMovesLikewise) {
  Point point{.readings = {{.metric = &kErrorRate, .value = 0.5}, {.metric = &kLatencyP95, .value = 0.2}}};
  ladder("error_rate").worsen(point, kErrorRate, 6);
  ladder("latency_p95").worsen(point, kLatencyP95, 2);
  EXPECT_EQ(point.readings[0].value, 6.5);
  EXPECT_EQ(point.readings[1].value, 0.4);
}

TEST_F(LadderTest, RegressionsAreSaidWithTheirUnit) {
  EXPECT_EQ(regression_text(ladder("error_rate"), 6), "+6 points");
  EXPECT_EQ(regression_text(ladder("latency_p95"), 1.25), "x1.25");
  EXPECT_EQ(regression_text(ladder("request_drop"), 70), "-70 %");
}

}  // namespace
}  // namespace baton::judge
