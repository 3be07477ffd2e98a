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

TEST(GridTest, CountersThatTheStoreRepeatsOfOldSamplesAreAbsent) {
  const auto points = three_points({.requests = {.series = {series("a", {100, 100, 130}), series("b", {10, 12, 14})}},
                                    .stale = {.series = {series("a", {kNaN, 1, kNaN})}}});
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].counts, (Counts{.errors = 0, .requests = 0}));
  EXPECT_EQ(points[1].counts, (Counts{.errors = 0, .requests = 2})) << "of the other pod";
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 32})) << "what came in the gap is counted behind it";
}

TEST(GridTest, WhereNothingIsFreshNothingWasSeen) {
  const auto points = three_points({.requests = {.series = {series("", {100, 100, 130})}},
                                    .stale = {.series = {series("", {kNaN, 1, kNaN}), series("a", {kNaN, 1, kNaN})}}});
  EXPECT_FALSE(points[1].counts);
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 30}));
}

TEST(GridTest, APodThatIsFirstSeenInAGapIsNotCountedFromZero) {
  const auto points = three_points(
      {.requests = {.series = {series("a", {kNaN, 9'000, 9'030})}}, .stale = {.series = {series("a", {1, 1, kNaN})}}});
  EXPECT_FALSE(points[1].counts);
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
                        .metrics = {{&kLatencyP95, {.series = {series("", {0.1, kNaN, 0.2})}}},
                                    {find_metric("cpu"), {.series = {series("a", {HUGE_VAL, kNaN, 50})}}}}};
  const auto points = three_points(answers);
  ASSERT_EQ(points.size(), 3U);
  EXPECT_TRUE(points[1].is_empty());
  EXPECT_TRUE(points[0].find(*find_metric("cpu"))->is_empty());
  EXPECT_EQ(points[2].counts, (Counts{.errors = 0, .requests = 20}));
  EXPECT_EQ(value_at(kLatencyP95, points[2], kStep), 0.2);
}

TEST(GridTest, OfPodsTheirMeanIsShownAndTheHigherHalfKnown) {
  const auto points =
      three_points({.metrics = {{find_metric("cpu"),
                                 {.series = {series("a", {10, 20}), series("b", {30}), series("c", {80, 10})}}}}});
  ASSERT_EQ(points.size(), 3U);
  const auto* three = points[0].find(*find_metric("cpu"));
  EXPECT_EQ(three->value, 40);
  EXPECT_EQ(three->upper_half, 30) << "the middle one";
  EXPECT_EQ(three->pods, 3U);
  const auto* two = points[1].find(*find_metric("cpu"));
  EXPECT_EQ(two->value, 15);
  EXPECT_EQ(two->upper_half, 20);
  EXPECT_EQ(two->pods, 2U);
}

TEST(GridTest, EdgesAddUpOverSeriesInTheUnitOfTheirSource) {
  const auto of_edge = [](const std::string& le, double rate) {
    auto made = series("", {rate});
    made.labels["le"] = le;
    return made;
  };
  const auto points = three_points(
      {.metrics = {{&kLatencyP95,
                    {.series = {of_edge("100", 2), of_edge("+Inf", 5), of_edge("100", 1), of_edge("x", 9)}}}},
       .edges_per_second = 1000});
  EXPECT_EQ(points[0].find(kLatencyP95)->histogram.edges(), (std::vector<Histogram::Edge>{{0.1, 3}, {HUGE_VAL, 5}}));
  EXPECT_TRUE(points[1].find(kLatencyP95)->is_empty());
}

}  // namespace
}  // namespace baton::judge
