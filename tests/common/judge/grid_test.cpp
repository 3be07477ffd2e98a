// From a store's answers to points: gaps, restarts, and numbers that are none.
#include "common/judge/grid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/core/error.h"
#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

using test::kStep;
using test::time_of_point;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The series of a pod, one sample a step.
prometheus::Series series(const std::string& pod, const std::vector<double>& values) {
  prometheus::Series made{.labels = {{"pod", pod}}};
  for (const double value : values)
    made.samples.push_back({.time = time_of_point(made.samples.size()), .value = value});
  return made;
}

std::vector<Point> three_points(const Answers& answers, CountersByPod counters = {}) {
  return points_of(answers, {.from = time_of_point(0), .to = time_of_point(2), .step = kStep}, counters);
}

TEST(GridTest, APointIsThereAlsoWhereNothingWasSeen) {
  const auto points = three_points({});
  ASSERT_EQ(points.size(), 3U);
  for (const auto& point : points) EXPECT_TRUE(point.is_empty());
  EXPECT_EQ(points.back().time, time_of_point(2));
}

TEST(GridTest, CountersBecomeWhatCameSinceThePointBefore) {
  CountersByPod counters{{"a", {.errors = 1, .requests = 10}}};
  const Answers answers{.requests = {.series = {series("a", {15, 25, 25})}},
                        .errors = {.series = {series("a", {1, 3, 3})}}};
  const auto points = points_of(answers, {.from = time_of_point(0), .to = time_of_point(2), .step = kStep}, counters);
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].counts, (Counts{.errors = 0, .requests = 5}));
  EXPECT_EQ(points[1].counts, (Counts{.errors = 2, .requests = 10}));
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 0})) << "no traffic is no gap";
  EXPECT_EQ(counters.at("a"), (Counts{.errors = 3, .requests = 25}));
}

TEST(GridTest, WhatAPodCountedBeforeAnybodyLookedIsNoGrowth) {
  const auto points = three_points({.requests = {.series = {series("old", {20'000, 20'004, 20'010})}},
                                    .errors = {.series = {series("old", {2'141, 2'141, 2'142})}}});
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].counts, (Counts{.errors = 0, .requests = 0}));
  EXPECT_EQ(points[1].counts, (Counts{.errors = 0, .requests = 4}));
  EXPECT_EQ(points[2].counts, (Counts{.errors = 1, .requests = 6}));
}

TEST(GridTest, APodThatBeginsWithinCountsFromZero) {
  const auto points = three_points({.requests = {.series = {series("new", {kNaN, 7, 9})}}});
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[1].counts, (Counts{.errors = 0, .requests = 7}));
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 2}));
}

TEST(GridTest, TheFirstErrorsOfAPodAreAllItsErrors) {
  const auto points = three_points(
      {.requests = {.series = {series("a", {100, 110, 120})}}, .errors = {.series = {series("a", {kNaN, 7, 7})}}});
  EXPECT_EQ(points[1].counts, (Counts{.errors = 7, .requests = 10}));
}

TEST(GridTest, ACounterThatFellWasRestarted) {
  const auto points =
      three_points({.requests = {.series = {series("a", {100, 4, 6})}}}, {{"a", {.errors = 0, .requests = 90}}});
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[1].counts, (Counts{.errors = 0, .requests = 4}));
}

/// At the three points the newest sample of `pod` is this much older.
NewestSamples newest(const std::string& pod, const std::vector<Duration>& ages) {
  prometheus::Series made{.labels = {{"pod", pod}}};
  for (const auto age : ages) {
    const Time at = time_of_point(made.samples.size());
    made.samples.push_back({.time = at, .value = static_cast<double>((at - age).time_since_epoch().count()) / 1000});
  }
  return NewestSamples({.series = {made}});
}

std::vector<Point> aged_points(const Answers& answers) {
  CountersByPod counters;
  return points_of(
      answers, {.from = time_of_point(0), .to = time_of_point(2), .step = kStep, .max_age = std::chrono::seconds(30)},
      counters);
}

TEST(GridTest, WhatTheStoreRepeatsOfOldSamplesIsAbsent) {
  using std::chrono::seconds;
  const auto ages = newest("a", {seconds(30), seconds(31), seconds(0)});
  const auto points = aged_points({.requests = {.series = {series("a", {100, 100, 130})}},
                                   .metrics = {{"cpu", {.series = {series("a", {10, 10, 20})}}}},
                                   .newest = {{std::string(kRequestCounters), ages}, {"cpu", ages}}});
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].counts, (Counts{.errors = 0, .requests = 0})) << "at the limit it is fresh";
  EXPECT_TRUE(points[1].is_empty());
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 30})) << "what came in the gap is counted behind it";
  EXPECT_EQ(points[2].values.at("cpu"), (Values{{"a", 20}}));
}

TEST(GridTest, APodThatIsFirstSeenInAGapIsNotCountedFromZero) {
  using std::chrono::seconds;
  const auto points =
      aged_points({.requests = {.series = {series("a", {9'000, 9'000, 9'030})}},
                   .newest = {{std::string(kRequestCounters), newest("a", {seconds(60), seconds(75), seconds(0)})}}});
  EXPECT_FALSE(points[0].counts);
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 30}));
}

TEST(GridTest, ErrorsThatMayBeBlindCountNothingBeforeTheyAreSeen) {
  const auto points = three_points({.requests = {.series = {series("a", {9'000, 9'010, 9'020})}},
                                    .errors = {.series = {series("a", {kNaN, 2, 2})}},
                                    .errors_may_be_blind = true});
  EXPECT_FALSE(points[0].counts);
  EXPECT_EQ(points[1].counts, (Counts{.errors = 2, .requests = 10}));
  EXPECT_FALSE(three_points({.requests = {.series = {series("a", {1, 2, 3})}}, .errors_may_be_blind = true})[2].counts);
}

TEST(GridTest, ACounterOfNoPodThatFellMayHaveLostOne) {
  const auto points = three_points({.requests = {.series = {series("", {100, 60, 70})}}});
  EXPECT_FALSE(points[1].counts);
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 10}));
}

TEST(GridTest, NaNAndInfinitiesAreAbsences) {
  const Answers answers{.requests = {.series = {series("a", {10, kNaN, 30})}},
                        .metrics = {{"latency_p95", {.series = {series("", {0.1, kNaN, 0.2})}}},
                                    {"cpu", {.series = {series("a", {HUGE_VAL, kNaN, 50})}}}}};
  const auto points = three_points(answers);
  ASSERT_EQ(points.size(), 3U);
  EXPECT_TRUE(points[1].is_empty());
  EXPECT_TRUE(points[0].values.at("cpu").empty());
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 20}));
  EXPECT_EQ(value_at(kLatencyP95, points[2], kStep), 0.2);
}

TEST(GridTest, ValuesOfPodsStayApartAndAreShownAsTheirMean) {
  const auto points = three_points({.metrics = {{"cpu", {.series = {series("a", {10, 20}), series("b", {30})}}}}});
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].values.at("cpu"), (Values{{"a", 10}, {"b", 30}}));
  EXPECT_EQ(points[1].values.at("cpu"), (Values{{"a", 20}}));
}

}  // namespace
}  // namespace baton::judge
