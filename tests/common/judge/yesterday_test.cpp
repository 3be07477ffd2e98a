// Whose series are read by the names that Deployments and ReplicaSets give, over a real Prometheus.
#include "common/judge/yesterday.h"

#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "common/io/clock.h"
#include "common/judge/queries.h"
#include "common/judge/session.h"
#include "tests/common/judge/history.h"
#include "tests/support/prometheus.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;

const Time kSwitched = *parse_rfc3339("2026-03-01T12:00:00Z");

Scope scope_of(std::string_view colour, std::string_view set) {
  auto scope = test::scope_of(colour, {"shop-" + std::string(colour) + "-" + std::string(set) + "-*"});
  scope.deployments = {"shop", "shop-blue", "shop-green"};
  return scope;
}

/// A store that saw blue half an hour before the switch and green after it.
class ByOwnerTest : public testing::Test {
 protected:
  void see(std::vector<test::PodHistory> pods) {
    config_.watch().baseline = 20min;
    pods.push_back({.pod = "shop-blue-7d9f8b6c5d-x2k4b", .from = kSwitched - 30min, .episodes = {{.length = 30min}}});
    server_ = std::make_unique<baton::test::PrometheusServer>(test::openmetrics(pods));
    store_.emplace(prometheus::Settings{.url = server_->url()}, HttpClient({}, Environment{}, clock_));
  }
  Look look_at(Duration after, const Scope& scope) {
    auto old = scope_of("blue", "7d9f8b6c5d");
    old.deployments = scope.deployments;
    const auto baseline = measure_baseline(*store_, config_, old, kSwitched);
    session_.emplace(Criteria{.config = config_, .baseline = baseline}, scope, kSwitched);
    return session_->look(*store_, kSwitched + after);
  }
  static const Finding& finding(const Look& look, std::string_view id) {
    return *std::ranges::find(look.findings, id, &Finding::id);
  }

  Config config_;
  SystemClock clock_;
  std::unique_ptr<baton::test::PrometheusServer> server_;
  std::optional<prometheus::Client> store_;
  std::optional<Session> session_;
};

TEST(DayBeforeTest, AsksForTheDeploymentsWhateverTheirPodsAreCalledToday) {
  const auto scope = day_before(scope_of("green", "5b7c9d8f6d"));
  EXPECT_EQ(pods_regex(scope.pods).substr(0, 52), "shop-[b-df-hj-np-tv-xz2-9]+-[b-df-hj-np-tv-xz2-9]+|s");
}

TEST_F(ByOwnerTest, TheSameHourYesterdayAllowsWhatItWasLikeThen) {
  const std::vector<test::Episode> slow = {{.length = 15min, .latency = 0.25}};
  see({{.pod = "shop-blue-6c8f9d7b5c-z9x8w", .from = kSwitched - 25h, .episodes = {{.length = 2h, .latency = 0.25}}},
       {.pod = "shop-green-5b7c9d8f6d-k4x2b", .from = kSwitched, .episodes = slow}});
  const auto green = scope_of("green", "5b7c9d8f6d");
  const auto look = look_at(14min, green);
  EXPECT_EQ(look.state, State::healthy) << look.reason;
  const auto& warning = finding(look, "latency-p95-warning");
  EXPECT_NE(warning.expected.text().find("(yesterday at this hour +20%)"), std::string::npos)
      << warning.expected.text();
  EXPECT_GT(session_->seen().figures.at("latency_p95").yesterdays, 50);

  auto nobody = green;
  nobody.deployments = {"cart"};
  const auto alone = look_at(14min, nobody);
  EXPECT_EQ(finding(alone, "latency-p95-warning").outcome, Outcome::warn) << "nothing is known of yesterday";
  EXPECT_EQ(session_->seen().figures.at("latency_p95").yesterdays, 0);
}

TEST_F(ByOwnerTest, PodsThatCameAndWentBeforeAnybodyLookedAreRead) {
  see({{.pod = "shop-green-5b7c9d8f6d-k4x2b", .from = kSwitched, .episodes = {{.length = 5min, .errors = 100}}},
       {.pod = "shop-green-5b7c9d8f6d-m8n7p", .from = kSwitched + 5min, .episodes = {{.length = 15min}}}});
  const auto look = look_at(19min, scope_of("green", "5b7c9d8f6d"));
  EXPECT_EQ(finding(look, "error-rate-critical").outcome, Outcome::warn) << "over since";
  ASSERT_FALSE(session_->seen().breaches.empty());
  EXPECT_GT(session_->seen().total.errors, 14'000);
}

TEST_F(ByOwnerTest, WhatAnotherDeploymentMakesIsNotRead) {
  see({{.pod = "shop-green-5b7c9d8f6d-k4x2b", .from = kSwitched, .episodes = {{.length = 15min}}},
       {.pod = "shop-green-5b7c9d8f6d-batch-2x4k8",
        .from = kSwitched,
        .episodes = {{.length = 15min, .errors = 100}}}});
  const auto look = look_at(14min, scope_of("green", "5b7c9d8f6d"));
  EXPECT_EQ(look.state, State::healthy) << look.reason;
  EXPECT_EQ(session_->seen().total.errors, 0);
}

}  // namespace
}  // namespace baton::judge
