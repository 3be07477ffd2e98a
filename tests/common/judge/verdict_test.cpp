// From what was seen to a state: every state, its reason and its findings, over points a test wrote down.
#include "common/judge/verdict.h"

#include <gtest/gtest.h>

#include "common/judge/rules.h"
#include "tests/common/judge/history.h"
#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

using test::followed_by;
using test::Seen;
using test::times;

class VerdictTest : public testing::Test {
 protected:
  Look look_at(const std::vector<Seen>& seen) const {
    return conclude(criteria_, scope_, test::remembered(criteria_, seen));
  }
  static const Finding& finding(const Look& look, std::string_view id) {
    const auto found = std::ranges::find(look.findings, id, &Finding::id);
    if (found == look.findings.end()) throw std::out_of_range("no finding of that id");
    return *found;
  }

  Config config_;
  Criteria criteria_{.config = config_, .baseline = test::baseline()};
  Scope scope_ = test::scope_of("green", {"shop-green-1", "shop-green-2"});
};

const Seen kFailing{.errors = 20};

TEST_F(VerdictTest, WhereNothingChangedItIsHealthy) {
  const auto look = look_at(times(10, {}));
  EXPECT_EQ(look.state, State::healthy) << look.reason;
  EXPECT_EQ(look.reason, "");
  ASSERT_EQ(look.findings.size(), rules().size());
  for (const auto& finding : look.findings) EXPECT_EQ(finding.outcome, Outcome::pass) << finding.id;
}

TEST_F(VerdictTest, ACriticalRuleThatHoldsIsCriticalSinceItsFirstSample) {
  const auto look = look_at(followed_by(times(10, {}), 3, kFailing));
  EXPECT_EQ(look.state, State::critical);
  EXPECT_EQ(look.breached, std::vector<std::string>{"error-rate-critical"});
  EXPECT_EQ(look.onset, test::time_of_point(10));
  EXPECT_EQ(look.reason,
            "error rate, rollback limit: 20 % since 2026-03-01T12:02:30Z; expected <= 5.5 % (baseline +5pp)");
  EXPECT_EQ(look.findings.front().id, "error-rate-critical") << "the worst comes first";
}

TEST_F(VerdictTest, OfTwoCriticalRulesTheOlderOneIsTheOnset) {
  const Seen slow{.latency = 0.3};
  const auto look = look_at(followed_by(followed_by(times(10, {}), 4, slow), 2, {.errors = 20, .latency = 0.3}));
  EXPECT_EQ(look.breached, (std::vector<std::string>{"error-rate-critical", "latency-p95-critical"}));
  EXPECT_EQ(look.onset, test::time_of_point(10));
}

TEST_F(VerdictTest, AWarningThatHoldsIsAWarning) {
  const auto look = look_at(times(30, {.errors = 2}));
  EXPECT_EQ(look.state, State::warning);
  EXPECT_TRUE(look.reason.starts_with("error rate: 2 % since ")) << look.reason;
  EXPECT_EQ(finding(look, "error-rate-warning").outcome, Outcome::warn);
  EXPECT_FALSE(look.onset);
}

TEST_F(VerdictTest, ABreachThatIsOverStaysAWarningInItsFindingAlone) {
  const auto look = look_at(followed_by(times(3, kFailing), 20, {}));
  EXPECT_EQ(look.state, State::healthy) << look.reason;
  EXPECT_EQ(finding(look, "error-rate-critical").outcome, Outcome::warn);
  EXPECT_TRUE(finding(look, "error-rate-critical").message.ends_with(", over since"));
}

TEST_F(VerdictTest, FewRequestsAreInconclusive) {
  const auto look = look_at(times(10, {.requests = 3}));
  EXPECT_EQ(look.state, State::inconclusive);
  EXPECT_EQ(look.reason, "30 requests so far are too few to judge the error rate");
}

TEST_F(VerdictTest, BeforeTheFirstPointNothingIsConcluded) {
  const auto look = conclude(criteria_, scope_, {});
  EXPECT_EQ(look.state, State::inconclusive);
  ASSERT_EQ(look.findings.size(), rules().size());
  for (const auto& finding : look.findings) EXPECT_EQ(finding.message, "nothing was judged yet") << finding.id;
}

TEST_F(VerdictTest, SeriesThatEndedAreBlindness) {
  const auto look = look_at(followed_by(times(10, {}), 2, {.is_gap = true}));
  EXPECT_EQ(look.state, State::blind);
  EXPECT_EQ(look.reason, "no new sample of it since 2026-03-01T12:02:30Z: is it scraped?");
}

TEST_F(VerdictTest, RequestsThatNobodyCountsAreBlindnessUnlessThereAreNone) {
  const std::vector<Seen> uncounted = times(10, {.latency = {}, .counts_requests = false});
  EXPECT_EQ(look_at(uncounted).state, State::blind);
  EXPECT_EQ(look_at(uncounted).reason,
            "no series of http_requests_total counts its requests and says how they ended: is it scraped?");
  criteria_.not_applicable = {{"error_rate", "a worker"}, {"latency_p95", "a worker"}};
  EXPECT_EQ(look_at(uncounted).state, State::healthy) << look_at(uncounted).reason;
}

TEST_F(VerdictTest, ACriticalRuleThatWasNeverJudgedIsBlindness) {
  criteria_.baseline.metrics.erase("latency_p95");
  const auto look = look_at(times(10, {}));
  EXPECT_EQ(look.state, State::blind);
  EXPECT_EQ(look.reason, "p95 latency, rollback limit: no baseline of latency_p95; expected <= baseline +100%");
}

TEST_F(VerdictTest, WhatDoesNotApplyIsSkippedWithItsReason) {
  criteria_.not_applicable["cpu"] = "no limits are set";
  const auto look = look_at(times(30, {.cpu = {99}}));
  EXPECT_EQ(look.state, State::healthy) << look.reason;
  EXPECT_EQ(finding(look, "cpu-critical").outcome, Outcome::skipped);
  EXPECT_EQ(finding(look, "cpu-critical").message, "not applicable: no limits are set");
}

TEST_F(VerdictTest, ALimitThatWasTakenAwayIsSkipped) {
  config_.watch().limits.at("cpu").warn.reset();
  const auto look = look_at(times(30, {.cpu = {90}}));
  EXPECT_EQ(finding(look, "cpu-warning").outcome, Outcome::skipped);
  EXPECT_EQ(finding(look, "cpu-warning").expected.text(), "no limit configured");
}

TEST_F(VerdictTest, AStoreThatIsAwayTakesNothingForBroken) {
  const auto memory = test::remembered(criteria_, times(10, kFailing));
  const auto look = blind(criteria_, scope_, memory, "cannot reach the store");
  EXPECT_EQ(look.state, State::blind);
  EXPECT_EQ(look.reason, "cannot reach the store");
  EXPECT_TRUE(look.breached.empty());
  EXPECT_FALSE(look.onset);
  EXPECT_EQ(finding(look, "error-rate-critical").outcome, Outcome::unknown);
}

// A drop that held may be acted on with another sign, but not by who cannot see whether it still does.
TEST_F(VerdictTest, AStoreThatIsAwayWarnsOfNothing) {
  const auto memory = test::remembered(criteria_, times(40, {.of_all = 0}));
  EXPECT_EQ(conclude(criteria_, scope_, memory).warned, std::vector<std::string>{"request-drop-warning"});
  EXPECT_TRUE(blind(criteria_, scope_, memory, "cannot reach the store").warned.empty());
}

TEST_F(VerdictTest, ValuesAndLimitsAreSaidInOneUnit) {
  const auto look = look_at(followed_by(times(10, {}), 5, {.latency = 0.3}));
  const auto& latency = finding(look, "latency-p95-critical");
  EXPECT_EQ(latency.observed.text(), "300 ms");
  EXPECT_EQ(latency.expected.text(), "<= 200 ms (baseline +100%)");
}

TEST_F(VerdictTest, AFindingsQueryNamesTheJudgedPodsAndLeavesManyOpen) {
  const auto expect_pods = [&](const std::string& pods) {
    const auto look = look_at(times(10, {}));
    ASSERT_EQ(look.findings.size(), rules().size());
    for (const auto& finding : look.findings) {
      if (finding.id == "request-drop-warning") continue;  // of all colours
      EXPECT_NE(finding.query.find(R"(namespace="production",pod=~")" + pods + "\""), std::string::npos)
          << finding.query;
    }
  };
  scope_.pods = {std::string(149, 'a'), std::string(150, 'b')};
  expect_pods(scope_.pods[0] + "|" + scope_.pods[1]);
  scope_.pods[0] += 'a';
  expect_pods("{{pods}}");
}

}  // namespace
}  // namespace baton::judge
