// Every rule of the SOP's Step 3 from both sides of its limit and of its `for`, over points a test wrote down.
#include "common/judge/rules.h"

#include <gtest/gtest.h>

#include "common/judge/active_rule.h"
#include "common/judge/replay.h"
#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::followed_by;
using test::kStep;
using test::Seen;
using test::times;

/// Enough points for every window.
constexpr std::size_t kManyPoints = 24;

class RulesTest : public testing::Test {
 protected:
  Evaluation evaluate(std::string_view id, const Seen& seen) const {
    return ActiveRule(*find_rule(id), criteria_).evaluate(test::points(times(kManyPoints, seen)));
  }

  bool holds(std::string_view id, const std::vector<Seen>& seen) const {
    const auto memory = test::remembered(criteria_, seen);
    return ActiveRule(*find_rule(id), criteria_).holds(memory.conditions.at(std::string(id)), *memory.judged_until);
  }

  Config config_;
  Criteria criteria_{.config = config_, .baseline = test::baseline()};
};

struct Boundary {
  std::string_view rule;
  Seen at;    ///< the limit itself
  Seen over;  ///< one step over it
};

const std::vector<Boundary>& boundaries() {
  static const std::vector<Boundary> all = {
      // +5 points and +1 point over 0.5 %
      {.rule = "error-rate-critical", .at = {.errors = 5.5}, .over = {.errors = 5.6}},
      {.rule = "error-rate-warning", .at = {.errors = 1.5}, .over = {.errors = 1.6}},
      // +100 % and +20 % over 100 ms
      {.rule = "latency-p95-critical", .at = {.latency = 0.2}, .over = {.latency = 0.201}},
      {.rule = "latency-p95-warning", .at = {.latency = 0.12}, .over = {.latency = 0.121}},
      {.rule = "cpu-critical", .at = {.cpu = {{"a", 95}}}, .over = {.cpu = {{"a", 95.1}}}},
      {.rule = "cpu-warning", .at = {.cpu = {{"a", 80}}}, .over = {.cpu = {{"a", 80.1}}}},
      {.rule = "memory-critical", .at = {.memory = {{"a", 95}}}, .over = {.memory = {{"a", 95.1}}}},
      {.rule = "memory-warning", .at = {.memory = {{"a", 85}}}, .over = {.memory = {{"a", 85.1}}}},
  };
  return all;
}

TEST_F(RulesTest, EachIsFalseAtItsLimitAndTrueOneStepOverIt) {
  for (const auto& [rule, at, over] : boundaries()) {
    ASSERT_NE(find_rule(rule), nullptr) << rule;
    EXPECT_EQ(evaluate(rule, at).truth, Truth::no) << rule;
    EXPECT_EQ(evaluate(rule, over).truth, Truth::yes) << rule;
  }
}

TEST_F(RulesTest, EachHasItsBoundaryHere) {
  ASSERT_EQ(rules().size(), boundaries().size());
  for (const auto& rule : rules()) {
    const auto known = std::ranges::find(boundaries(), rule.id, &Boundary::rule);
    EXPECT_NE(known, boundaries().end()) << rule.id;
  }
}

struct Lasting {
  std::string_view rule;
  Seen over;
  std::size_t samples;  ///< of a `for`, both ends included, at 15 s
};

const std::vector<Lasting>& lastings() {
  static const std::vector<Lasting> all = {
      {.rule = "error-rate-critical", .over = {.errors = 20}, .samples = 1},
      {.rule = "latency-p95-critical", .over = {.latency = 0.3}, .samples = 2},
      {.rule = "cpu-critical", .over = {.cpu = {{"a", 99}}}, .samples = 21},        // 5 min
      {.rule = "memory-critical", .over = {.memory = {{"a", 99}}}, .samples = 21},  // 5 min
      {.rule = "error-rate-warning", .over = {.errors = 3}, .samples = 21},         // 5 min
      {.rule = "latency-p95-warning", .over = {.latency = 0.15}, .samples = 41},    // 10 min
      {.rule = "cpu-warning", .over = {.cpu = {{"a", 90}}}, .samples = 21},         // 5 min
      {.rule = "memory-warning", .over = {.memory = {{"a", 90}}}, .samples = 21},   // 5 min
  };
  return all;
}

TEST_F(RulesTest, EachHoldsExactlyFromTheLastSampleOfItsForOn) {
  ASSERT_EQ(lastings().size(), rules().size());
  for (const auto& [rule, over, samples] : lastings()) {
    const auto quiet = times(kManyPoints, {});
    EXPECT_FALSE(holds(rule, followed_by(quiet, samples - 1, over))) << rule << ": one sample short";
    EXPECT_TRUE(holds(rule, followed_by(quiet, samples, over))) << rule << ": exactly";
  }
}

TEST_F(RulesTest, OneSampleWithinTheLimitBeginsTheForAnew) {
  const Seen over{.cpu = {{"a", 99}}};
  const auto interrupted = followed_by(times(20, over), 1, {});
  EXPECT_FALSE(holds("cpu-critical", followed_by(interrupted, 20, over)));
  EXPECT_TRUE(holds("cpu-critical", followed_by(interrupted, 21, over)));
}

TEST_F(RulesTest, AGapIsNeitherTrueNorFalse) {
  const Seen over{.cpu = {{"a", 99}}};
  const auto with_gap = followed_by(times(10, over), 1, {.is_gap = true});
  EXPECT_FALSE(holds("cpu-critical", followed_by(with_gap, 10, over))) << "5 minutes, but one of 21 samples is missing";
  EXPECT_TRUE(holds("cpu-critical", followed_by(with_gap, 11, over))) << "the samples before it still count";
  EXPECT_FALSE(holds("cpu-critical", followed_by(times(21, over), 1, {.is_gap = true}))) << "nothing is known now";
}

TEST_F(RulesTest, WhatWasNotSeenIsUnknown) {
  const Seen nothing{.latency = {}, .cpu = {}, .memory = {}, .counts_requests = false};
  for (const auto& rule : rules()) {
    const auto found = evaluate(rule.id, nothing);
    EXPECT_EQ(found.truth, Truth::unknown) << rule.id;
    EXPECT_TRUE(found.why.starts_with("no sample")) << rule.id << ": " << found.why;
  }
}

TEST_F(RulesTest, FewRequestsAreTooFewForAnErrorRate) {
  const auto found = evaluate("error-rate-critical", {.errors = 50, .requests = 2});
  EXPECT_EQ(found.truth, Truth::unknown);
  EXPECT_TRUE(found.why.starts_with("too little traffic to judge: 40 requests in the last 5m")) << found.why;
}

// A rate over a minute stands on four points of 15 s.
TEST_F(RulesTest, APercentileNeedsAHundredRequestsBehindIt) {
  EXPECT_EQ(evaluate("latency-p95-critical", {.requests = 24.75, .latency = 9}).truth, Truth::unknown);
  EXPECT_EQ(evaluate("latency-p95-critical", {.requests = 25, .latency = 9}).truth, Truth::yes);
}

TEST_F(RulesTest, WithoutABaselineErrorsRiseFromNothing) {
  criteria_.baseline = {};
  EXPECT_EQ(evaluate("error-rate-critical", {.errors = 5}).truth, Truth::no);
  EXPECT_EQ(evaluate("error-rate-critical", {.errors = 5.1}).truth, Truth::yes);
}

TEST_F(RulesTest, WithoutABaselineNoShareOfItIsKnown) {
  criteria_.baseline.metrics.erase("latency_p95");
  const auto found = evaluate("latency-p95-critical", {.latency = 9});
  EXPECT_EQ(found.truth, Truth::unknown);
  EXPECT_EQ(found.why, "no baseline of latency_p95");
}

TEST_F(RulesTest, ALimitOfItsOwnNeedsNoBaseline) {
  criteria_.baseline = {};
  EXPECT_EQ(evaluate("cpu-critical", {.cpu = {{"a", 95.1}}}).truth, Truth::yes);
}

TEST_F(RulesTest, TheSameHourYesterdayMayRaiseALatencyLimit) {
  criteria_.baseline.metrics["latency_p95"].yesterday = 0.15;
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.18}).truth, Truth::no);
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.181}).truth, Truth::yes);
}

TEST_F(RulesTest, TheDaysPeakRaisesTheRollbackLimitAlone) {
  criteria_.baseline.metrics["latency_p95"].peak = 0.3;
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.3}).truth, Truth::no);
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.301}).truth, Truth::yes);
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.13}).truth, Truth::yes);
}

TEST_F(RulesTest, HalfThePodsOverTheRollbackLimitAreEnough) {
  const Seen half{.cpu = {{"a", 96}, {"b", 10}}};
  const Seen third{.cpu = {{"a", 96}, {"b", 10}, {"c", 10}}};
  EXPECT_EQ(evaluate("cpu-critical", half).truth, Truth::yes);
  EXPECT_EQ(evaluate("cpu-critical", third).truth, Truth::no);
  EXPECT_EQ(evaluate("cpu-warning", half).truth, Truth::no);
}

TEST_F(RulesTest, ALimitThatWasTakenAwayIsNotJudged) {
  config_.watch().limits.at("cpu").rollback.reset();
  const auto memory = test::remembered(criteria_, times(30, {.cpu = {{"a", 99}}}));
  EXPECT_FALSE(memory.conditions.contains("cpu-critical"));
  EXPECT_TRUE(memory.conditions.contains("cpu-warning"));
}

TEST_F(RulesTest, AMetricThatDoesNotApplyIsNotJudged) {
  criteria_.not_applicable["cpu"] = "no limits are set";
  const auto memory = test::remembered(criteria_, times(30, {.cpu = {{"a", 99}}}));
  EXPECT_FALSE(memory.conditions.contains("cpu-critical"));
  EXPECT_TRUE(memory.conditions.contains("memory-critical"));
}

TEST_F(RulesTest, ABreachIsKeptWithItsWorstValue) {
  const auto over = followed_by(times(2, {.latency = 0.3}), 1, {.latency = 0.5});
  const auto memory = test::remembered(criteria_, followed_by(over, 2, {}));
  ASSERT_EQ(memory.breaches.size(), 1U);
  EXPECT_EQ(memory.breaches.front().rule, "latency-p95-critical");
  EXPECT_EQ(memory.breaches.front().from, test::time_of_point(0));
  EXPECT_EQ(memory.breaches.front().to, test::time_of_point(2));
  EXPECT_EQ(memory.breaches.front().worst, 0.5);
}

}  // namespace
}  // namespace baton::judge
