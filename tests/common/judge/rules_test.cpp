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
      {.rule = "latency-p95-critical", .at = {.latency = 0.2}, .over = {.latency = 0.205}},
      // 60 % over 100 ms
      {.rule = "latency-p95-slow", .at = {.latency = 0.16}, .over = {.latency = 0.161}},
      {.rule = "latency-p95-warning", .at = {.latency = 0.12}, .over = {.latency = 0.121}},
      // half of 200/s, beyond chance
      {.rule = "request-drop-warning", .at = {.of_all = 100}, .over = {.of_all = 97}},
      {.rule = "cpu-critical", .at = {.cpu = {95}}, .over = {.cpu = {95.1}}},
      {.rule = "cpu-warning", .at = {.cpu = {80}}, .over = {.cpu = {80.1}}},
      {.rule = "memory-critical", .at = {.memory = {95}}, .over = {.memory = {95.1}}},
      {.rule = "memory-warning", .at = {.memory = {85}}, .over = {.memory = {85.1}}},
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
  for (const auto& rule : rules()) {
    if (!rule.row.expected.empty()) continue;  // no number: a shape, with tests of its own
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
      {.rule = "latency-p95-critical", .over = {.latency = 0.3}, .samples = 5},   // reads that do not overlap
      {.rule = "latency-p95-slow", .over = {.latency = 0.17}, .samples = 45},     // 10 min, after two of five windows
      {.rule = "cpu-critical", .over = {.cpu = {99}}, .samples = 21},             // 5 min
      {.rule = "memory-critical", .over = {.memory = {99}}, .samples = 21},       // 5 min
      {.rule = "error-rate-warning", .over = {.errors = 3}, .samples = 21},       // 5 min
      {.rule = "latency-p95-warning", .over = {.latency = 0.15}, .samples = 41},  // 10 min
      {.rule = "request-drop-warning", .over = {.of_all = 0}, .samples = 31},     // 5 min, after half of five
      {.rule = "cpu-warning", .over = {.cpu = {90}}, .samples = 21},              // 5 min
      {.rule = "memory-warning", .over = {.memory = {90}}, .samples = 21},        // 5 min
  };
  return all;
}

TEST_F(RulesTest, EachHoldsExactlyFromTheLastSampleOfItsForOn) {
  ASSERT_EQ(lastings().size(), boundaries().size());
  for (const auto& [rule, over, samples] : lastings()) {
    const auto quiet = times(kManyPoints, {});
    EXPECT_FALSE(holds(rule, followed_by(quiet, samples - 1, over))) << rule << ": one sample short";
    EXPECT_TRUE(holds(rule, followed_by(quiet, samples, over))) << rule << ": exactly";
  }
}

TEST_F(RulesTest, OneSampleWithinTheLimitBeginsTheForAnew) {
  const Seen over{.cpu = {99}};
  const auto interrupted = followed_by(times(20, over), 1, {});
  EXPECT_FALSE(holds("cpu-critical", followed_by(interrupted, 20, over)));
  EXPECT_TRUE(holds("cpu-critical", followed_by(interrupted, 21, over)));
}

TEST_F(RulesTest, AGapIsNeitherTrueNorFalse) {
  const Seen over{.cpu = {99}};
  const auto with_gap = followed_by(times(10, over), 1, {.is_gap = true});
  EXPECT_FALSE(holds("cpu-critical", followed_by(with_gap, 10, over))) << "5 minutes, but one of 21 samples is missing";
  EXPECT_TRUE(holds("cpu-critical", followed_by(with_gap, 11, over))) << "the samples before it still count";
  EXPECT_FALSE(holds("cpu-critical", followed_by(times(21, over), 1, {.is_gap = true}))) << "nothing is known now";
}

TEST_F(RulesTest, WhatWasNotSeenIsUnknown) {
  const Seen nothing{.latency = {}, .cpu = {}, .memory = {}, .counts_requests = false, .of_all = {}};
  for (const auto& rule : rules()) {
    const auto found = evaluate(rule.id, nothing);
    EXPECT_EQ(found.truth, Truth::unknown) << rule.id;
    EXPECT_TRUE(found.why.starts_with("no sample")) << rule.id << ": " << found.why;
  }
}

TEST_F(RulesTest, FewRequestsAreTooFewToSayThatAnErrorRateIsWell) {
  const auto found = evaluate("error-rate-critical", {.errors = 0, .requests = 1});
  EXPECT_EQ(found.truth, Truth::unknown);
  EXPECT_TRUE(found.why.starts_with("too little traffic to say that it is well: 24 requests in the last 30m"))
      << found.why;
  EXPECT_EQ(evaluate("error-rate-critical", {.errors = 0, .requests = 30}).truth, Truth::no);
}

TEST_F(RulesTest, FiveErrorsBeyondDoubtNeedNoMoreRequests) {
  const auto failing = [&](double requests, std::size_t points) {
    const auto seen = test::points(times(points, {.errors = 100, .requests = requests}));
    return ActiveRule(*find_rule("error-rate-critical"), criteria_).evaluate(seen).truth;
  };
  EXPECT_EQ(failing(2, 2), Truth::unknown) << "four errors";
  EXPECT_EQ(failing(2.5, 2), Truth::yes) << "five, of five requests";
  EXPECT_EQ(failing(5.0 / 120, 119), Truth::unknown);
  EXPECT_EQ(failing(5.0 / 120, 120), Truth::yes) << "half an hour back";
  EXPECT_EQ(failing(4.9 / 120, 240), Truth::unknown) << "no further";
}

TEST_F(RulesTest, FiveErrorsThatChanceExplainsAreNone) {
  criteria_.baseline.metrics["error_rate"] = {.value = 5, .requests = 1000, .errors = 50};
  EXPECT_EQ(evaluate("error-rate-critical", {.errors = 12, .requests = 1.8}).truth, Truth::unknown) << "5 of 43";
}

// SOP: at once. `confirm` is the calmer choice, but for what nobody can wait with.
TEST_F(RulesTest, AnErrorRateWaitsForItsConfirmationBelowFourTimesTheLimit) {
  config_.watch().limits.at("error_rate").confirm = 60s;
  const auto quiet = times(kManyPoints, {});
  EXPECT_FALSE(holds("error-rate-critical", followed_by(quiet, 4, {.errors = 20})));
  EXPECT_TRUE(holds("error-rate-critical", followed_by(quiet, 5, {.errors = 20})));
  EXPECT_FALSE(holds("error-rate-critical", followed_by(quiet, 2, {.errors = 20.5}))) << "+20 points";
  EXPECT_TRUE(holds("error-rate-critical", followed_by(quiet, 2, {.errors = 20.6})));
}

// A rate over a minute stands on four points of 15 s: six of them are in six minutes.
TEST_F(RulesTest, APercentileIsWellOnlyWithAHundredRequestsBehindIt) {
  EXPECT_EQ(evaluate("latency-p95-critical", {.requests = 4.1}).truth, Truth::unknown) << "98 requests";
  EXPECT_EQ(evaluate("latency-p95-critical", {.requests = 4.2}).truth, Truth::no);
  EXPECT_EQ(evaluate("latency-p95-slow", {.requests = 4.1}).truth, Truth::unknown);
  EXPECT_EQ(evaluate("latency-p95-slow", {.requests = 4.2}).truth, Truth::no);
}

TEST_F(RulesTest, FiveRequestsThatAllTookTooLongNeedNoMore) {
  EXPECT_EQ(evaluate("latency-p95-critical", {.requests = 0.2, .latency = 9}).truth, Truth::unknown) << "4.8 of them";
  EXPECT_EQ(evaluate("latency-p95-critical", {.requests = 0.215, .latency = 9}).truth, Truth::yes);
}

// Between two edges of the histogram lies anything: what cannot be counted is no rise.
TEST_F(RulesTest, ARiseWithinOneBucketIsNone) {
  const auto with = [&](double slower) {
    auto points = test::points(times(kManyPoints, {}));
    const Histogram rates({{0.1, 500}, {0.5, 1000 - slower}, {1, 1000}, {HUGE_VAL, 1000}});
    for (auto& point : points) {
      std::erase_if(point.readings, [](const Reading& reading) { return reading.metric == &kLatencyP95; });
      point.readings.push_back(reading_of_histogram(kLatencyP95, rates));
    }
    return ActiveRule(*find_rule("latency-p95-critical"), criteria_).evaluate(points).truth;
  };
  criteria_.baseline.metrics["latency_p95"].value = 0.2;  // the limit, 400 ms, is in the same bucket
  EXPECT_EQ(with(50), Truth::no) << "5 % took more than 500 ms";
  EXPECT_EQ(with(60), Truth::yes);
}

TEST_F(RulesTest, ALatencyUnderTheFloorIsNoise) {
  criteria_.baseline.metrics["latency_p95"].value = 0.002;
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.005}).truth, Truth::no);
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.03}).truth, Truth::yes);
  config_.watch().limits.at("latency_p95").floor = 10ms;
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.01}).truth, Truth::no);
}

TEST_F(RulesTest, ANewColourMayBeTwiceAsSlowWhileItWarmsUp) {
  const Seen slower{.latency = 0.3};
  criteria_.since = test::time_of_point(kManyPoints - 1) - 5min + kStep;
  EXPECT_EQ(evaluate("latency-p95-critical", slower).truth, Truth::no) << "the last sample within five minutes";
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.42}).truth, Truth::yes);
  criteria_.since = test::time_of_point(kManyPoints - 1) - 5min;
  EXPECT_EQ(evaluate("latency-p95-critical", slower).truth, Truth::yes);
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
  EXPECT_EQ(evaluate("cpu-critical", {.cpu = {95.1}}).truth, Truth::yes);
}

TEST_F(RulesTest, TheSameHourYesterdayMayRaiseALatencyLimit) {
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.18, .yesterday = 0.15}).truth, Truth::no);
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.181, .yesterday = 0.15}).truth, Truth::yes);
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.13, .yesterday = 0.01}).truth, Truth::yes) << "nor lowers it";
}

TEST_F(RulesTest, FewerRequestsThanYesterdayAtThisHourAreNoDrop) {
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 50, .yesterday_of_all = 90}).truth, Truth::no) << "a night";
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 50, .yesterday_of_all = 110}).truth, Truth::yes);
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 150, .yesterday_of_all = 400}).truth, Truth::no)
      << "both must tell";
}

TEST_F(RulesTest, WithoutYesterdayADropIsToldForAnHourAndThenOnlyTheLossOfAll) {
  criteria_.since = test::time_of_point(0) - std::chrono::hours(1) - 15s * static_cast<int>(kManyPoints - 1);
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 50}).truth, Truth::no);
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 0}).truth, Truth::yes);
  criteria_.since = test::time_of_point(kManyPoints - 1) - std::chrono::hours(1);
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 50}).truth, Truth::yes);
}

TEST_F(RulesTest, TooFewRequestsTellOfNoDrop) {
  criteria_.baseline.metrics["request_drop"] = {.value = 0.02};
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 0}).truth, Truth::no) << "three in five minutes are awaited";
  criteria_.baseline.metrics["request_drop"] = {.value = 0.04};
  EXPECT_EQ(evaluate("request-drop-warning", {.of_all = 0}).truth, Truth::yes);
}

TEST_F(RulesTest, TheDaysPeakRaisesTheLatencyLimits) {
  criteria_.baseline.metrics["latency_p95"].peak = 0.3;
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.375}).truth, Truth::no) << "1.25 times";
  EXPECT_EQ(evaluate("latency-p95-critical", {.latency = 0.39}).truth, Truth::yes);
  EXPECT_EQ(evaluate("latency-p95-slow", {.latency = 0.3}).truth, Truth::no);
  EXPECT_EQ(evaluate("latency-p95-slow", {.latency = 0.301}).truth, Truth::yes);
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.3}).truth, Truth::no);
  EXPECT_EQ(evaluate("latency-p95-warning", {.latency = 0.32}).truth, Truth::yes);
}

TEST_F(RulesTest, HalfOfThreePodsOrMoreStandForTheMemoryOfAll) {
  const std::vector<double> two{96, 10};
  const std::vector<double> two_of_four{96, 96, 10, 10};
  const std::vector<double> one_of_three{96, 10, 10};
  EXPECT_EQ(evaluate("memory-critical", {.memory = two_of_four}).truth, Truth::yes);
  EXPECT_EQ(evaluate("memory-critical", {.memory = two}).truth, Truth::no) << "one of two";
  EXPECT_EQ(evaluate("memory-critical", {.memory = one_of_three}).truth, Truth::no);
  EXPECT_EQ(evaluate("memory-warning", {.memory = two_of_four}).truth, Truth::no);
  EXPECT_EQ(evaluate("cpu-critical", {.cpu = two_of_four}).truth, Truth::no) << "the mean decides";
}

TEST_F(RulesTest, WhatTheOldColourHeldForFiveMinutesRaisesALimitByThreePoints) {
  for (const std::string metric : {"cpu", "memory"}) {
    criteria_.baseline.metrics[metric] = {.value = 60, .held = 95};
    const auto truth = [&](double value) {
      const auto seen = metric == "cpu" ? Seen{.cpu = {value}} : Seen{.memory = {value}};
      return evaluate(metric + "-critical", seen).truth;
    };
    EXPECT_EQ(truth(98), Truth::no) << metric;
    EXPECT_EQ(truth(98.1), Truth::yes) << metric;
  }
}

// A service that always ran at 88 % is not made worse by the release (decisions 33).
TEST_F(RulesTest, WhatTheOldColourUsedRaisesALimitByTenPoints) {
  for (const std::string metric : {"cpu", "memory"}) {
    criteria_.baseline.metrics[metric] = {.value = 88};
    const auto seen = [&](double value) { return metric == "cpu" ? Seen{.cpu = {value}} : Seen{.memory = {value}}; };
    EXPECT_EQ(evaluate(metric + "-warning", seen(98)).truth, Truth::no) << metric;
    EXPECT_EQ(evaluate(metric + "-critical", seen(98)).truth, Truth::no) << metric;
    EXPECT_EQ(evaluate(metric + "-critical", seen(98.1)).truth, Truth::yes) << metric;
  }
}

TEST_F(RulesTest, MoreLoadNeedsMoreCpu) {
  criteria_.baseline.metrics["request_rate"] = {.value = 200};  // 3,000 in 15 s
  criteria_.baseline.metrics["cpu"] = {.value = 45};
  EXPECT_EQ(evaluate("cpu-critical", {.requests = 3000, .cpu = {96}}).truth, Truth::yes);
  EXPECT_EQ(evaluate("cpu-critical", {.requests = 6000, .cpu = {96}}).truth, Truth::no) << "twice 45, and ten";
}

TEST_F(RulesTest, CpuIsNotJudgedWhileTheColourStarts) {
  criteria_.since = test::time_of_point(kManyPoints - 1) - 10min + kStep;
  EXPECT_EQ(evaluate("cpu-critical", {.cpu = {99}}).truth, Truth::no);
  criteria_.since = test::time_of_point(kManyPoints - 1) - 10min;
  EXPECT_EQ(evaluate("cpu-critical", {.cpu = {99}}).truth, Truth::yes);
}

class MemoryTrendTest : public RulesTest {
 protected:
  /// After `points` of memory that grows by so much a minute from `first` on.
  Truth after(std::size_t points, double first, double a_minute) const {
    std::vector<Seen> seen;
    for (std::size_t at = 0; at < points; ++at)
      seen.push_back({.memory = {first + a_minute * static_cast<double>(at) / 4}});
    return ActiveRule(*find_rule("memory-trend"), criteria_).evaluate(test::points(seen)).truth;
  }
};

TEST_F(MemoryTrendTest, MeetsTheLimitWithinTenMinutes) {
  EXPECT_EQ(after(41, 70, 1.6), Truth::yes) << "86 % now, 102 % in ten minutes";
  EXPECT_EQ(after(41, 70, 1.4), Truth::no) << "84 % now, 98 % in ten minutes";
}

TEST_F(MemoryTrendTest, IsNoTrendBeforeTenMinutes) {
  EXPECT_EQ(after(40, 70, 2), Truth::no);
  EXPECT_EQ(after(41, 70, 2), Truth::yes);
}

TEST_F(MemoryTrendTest, NeedsFifteenPointsOverTheOldColour) {
  criteria_.baseline.metrics["memory"] = {.value = 75};
  EXPECT_EQ(after(41, 73.9, 1.6), Truth::no) << "89.9 % now";
  EXPECT_EQ(after(41, 74.1, 1.6), Truth::yes);
}

TEST_F(RulesTest, ALimitThatWasTakenAwayIsNotJudged) {
  config_.watch().limits.at("cpu").rollback.reset();
  const auto memory = test::remembered(criteria_, times(30, {.cpu = {99}}));
  EXPECT_FALSE(memory.conditions.contains("cpu-critical"));
  EXPECT_TRUE(memory.conditions.contains("cpu-warning"));
}

TEST_F(RulesTest, AMetricThatDoesNotApplyIsNotJudged) {
  criteria_.not_applicable["cpu"] = "no limits are set";
  const auto memory = test::remembered(criteria_, times(30, {.cpu = {99}}));
  EXPECT_FALSE(memory.conditions.contains("cpu-critical"));
  EXPECT_TRUE(memory.conditions.contains("memory-critical"));
}

TEST_F(RulesTest, ABreachIsKeptWithItsWorstValue) {
  const auto over = followed_by(times(6, {.latency = 0.3}), 1, {.latency = 0.5});
  const auto memory = test::remembered(criteria_, followed_by(over, 2, {}));
  ASSERT_EQ(memory.breaches.size(), 1U);
  EXPECT_EQ(memory.breaches.front().rule, "latency-p95-critical");
  EXPECT_EQ(memory.breaches.front().from, test::time_of_point(0));
  EXPECT_EQ(memory.breaches.front().to, test::time_of_point(6));
  EXPECT_EQ(memory.breaches.front().worst, 0.5);
}

}  // namespace
}  // namespace baton::judge
