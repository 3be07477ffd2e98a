// Queries of the configuration's own, over a real Prometheus: what they override, and what is never made of them.
#include "common/judge/own_query.h"

#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "common/io/clock.h"
#include "common/judge/session.h"
#include "tests/common/judge/history.h"
#include "tests/common/judge/points.h"
#include "tests/support/prometheus.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;

const std::string kAll = R"(sum by (pod) (orders_total{pod=~"{{pods}}"}))";
const std::string kFailed = R"(sum by (pod) (orders_total{pod=~"{{pods}}",outcome="bad"}))";
const std::string kRatio =
    R"(sum(rate(orders_total{pod=~"{{pods}}",outcome="bad"}[{{window}}])) / sum(rate(orders_total{pod=~"{{pods}}"}[{{window}}])))";

OwnQuery single(const std::string& promql) { return {.parts = {{"", promql}}}; }
OwnQuery counters(const std::string& errors, const std::string& requests = kAll) {
  return {.parts = {{"errors", errors}, {"requests", requests}}};
}

/// A shop whose counter no producer knows, before and after a switch.
class Shop {
 public:
  explicit Shop(double green_errors, double blue_errors = 0.5)
      : server_(test::openmetrics(
            {{"shop-blue-1", kSwitched - 25min, 100, {{.length = 25min, .errors = blue_errors}}, kNaming},
             {"shop-green-1", kSwitched, 100, {{.length = 8min, .errors = green_errors}}, kNaming}})),
        store_({.url = server_.url()}, HttpClient({}, Environment{}, clock_)) {
    config_.watch().baseline = 20min;
  }

  void set(const std::string& metric, const OwnQuery& query) { config_.watch().metrics.at(metric).query = query; }
  Baseline baseline() { return measure_baseline(store_, config_, test::scope_of("blue", {"shop-blue-1"}), kSwitched); }
  Look look(Duration after = 7min) {
    Session session({.config = config_, .baseline = baseline()}, test::scope_of("green", {"shop-green-1"}), kSwitched);
    auto look = session.look(store_, kSwitched + after);
    share_ = session.critical_share();
    throughout_ = session.warnings_throughout(kSwitched);
    return look;
  }

  static inline const Time kSwitched = *parse_rfc3339("2026-03-01T12:00:00Z");
  static inline const test::Naming kNaming{
      .counter = "orders_total", .status = "outcome", .failed = "bad", .good = "fine"};

  Config config_;
  SystemClock clock_;
  baton::test::PrometheusServer server_;
  prometheus::Client store_;
  std::string share_ = {};
  std::vector<std::string> throughout_ = {};
};

Finding finding(const Look& look, std::string_view id) {
  for (const auto& found : look.findings) {
    if (found.id == id) return found;
  }
  throw std::out_of_range("no finding of that id");
}

TEST(OwnQueryTest, TwoCountersAreCountedAndRollBack) {
  Shop shop(8);
  EXPECT_FALSE(shop.baseline().source) << "no producer is known by that name";
  shop.set("error_rate", counters(kFailed));
  const auto baseline = shop.baseline();
  EXPECT_NEAR(*baseline.metrics.at("error_rate").value, 0.5, 0.01);
  EXPECT_NEAR(baseline.metrics.at("error_rate").requests, 120000, 1000);
  const auto look = shop.look();
  EXPECT_EQ(look.state, State::critical) << look.reason;
  EXPECT_EQ(look.breached, std::vector<std::string>{"error-rate-critical"});
  EXPECT_NE(shop.share_, "");
}

TEST(OwnQueryTest, TwoCountersWithinTheLimitAreHealthy) {
  Shop shop(0.5);
  shop.set("error_rate", counters(kFailed));
  const auto look = shop.look();
  EXPECT_EQ(finding(look, "error-rate-critical").outcome, Outcome::pass) << look.reason;
  EXPECT_EQ(look.state, State::healthy) << look.reason;
}

TEST(OwnQueryTest, NoSeriesIsNeverZero) {
  Shop shop(8);
  shop.set("error_rate", counters(R"(sum by (pod) (orders_total{pod=~"{{pods}}",outcom="bad"}))"));
  const auto baseline = shop.baseline();
  EXPECT_FALSE(baseline.find(kErrorRate));
  EXPECT_NE(baseline.metrics.at("error_rate").why.find("is not zero"), std::string::npos);
  EXPECT_EQ(shop.look().state, State::blind);
  EXPECT_NE(finding(shop.look(), "error-rate-critical").outcome, Outcome::pass);

  shop.set("error_rate", counters(kFailed, R"(sum by (pod) (order_total{pod=~"{{pods}}"}))"));
  EXPECT_EQ(shop.baseline().metrics.at("error_rate").why, "no such series");
  EXPECT_EQ(shop.look().state, State::blind);
}

TEST(OwnQueryTest, AZeroThatTheQueryItselfSaysIsZero) {
  Shop shop(0, 0);
  shop.set("error_rate", counters(kFailed + " or 0 * " + kAll));
  EXPECT_EQ(shop.baseline().metrics.at("error_rate").value, 0);
  EXPECT_EQ(shop.look().state, State::healthy) << shop.look().reason;
}

TEST(OwnQueryTest, AShareAloneWarnsAndNeverRollsBack) {
  Shop shop(60);
  shop.set("error_rate", single(kRatio));
  EXPECT_NEAR(*shop.baseline().metrics.at("error_rate").value, 0.5, 0.01) << "in percent";
  const auto look = shop.look();
  EXPECT_EQ(look.state, State::warning) << look.reason;
  EXPECT_TRUE(look.breached.empty());
  EXPECT_EQ(finding(look, "error-rate-critical").outcome, Outcome::skipped);
  EXPECT_EQ(finding(look, "error-rate-critical").message,
            "watch.metrics.error_rate only warns: there are no counts behind it");
  EXPECT_EQ(finding(look, "error-rate-warning").outcome, Outcome::warn);
  EXPECT_EQ(shop.share_, "");
  EXPECT_TRUE(shop.throughout_.empty()) << "a soak takes nobody back for it";
}

TEST(OwnQueryTest, WhatIsNoShareIsNoErrorRate) {
  Shop shop(2);
  shop.set("error_rate", single("100 * " + kRatio));
  shop.config_.watch().baseline = 20min;
  const auto look = shop.look();
  EXPECT_EQ(finding(look, "error-rate-warning").outcome, Outcome::unknown) << "200 % never failed";
  EXPECT_EQ(look.state, State::blind) << look.reason;
}

TEST(OwnQueryTest, AShareWithNoSeriesIsBlindness) {
  Shop shop(0.5);
  shop.set("error_rate", single(R"(sum(rate(nothing{pod=~"{{pods}}"}[{{window}}])))"));
  EXPECT_FALSE(shop.baseline().find(kErrorRate));
  EXPECT_EQ(shop.look().state, State::blind);
}

TEST(OwnQueryTest, OwnBucketsAreJudgedLikeFoundOnes) {
  Shop shop(0.5);
  shop.set("error_rate", counters(kFailed));
  shop.set("latency_p95",
           {.parts = {{"buckets",
                       R"(sum by (le) (rate(http_request_duration_seconds_bucket{pod=~"{{pods}}"}[{{window}}])))"}}});
  EXPECT_NEAR(*shop.baseline().metrics.at("latency_p95").value, 0.05, 0.01);
  EXPECT_EQ(finding(shop.look(), "latency-p95-critical").outcome, Outcome::pass);
}

TEST(OwnQueryTest, WhatIsOnlyShownIsMeasuredWhereTheConfigurationAsks) {
  Shop shop(0.5);
  EXPECT_FALSE(shop.baseline().metrics.contains("network"));
  shop.set("network", single(R"(container_memory_working_set_bytes{pod=~"{{pods}}"})"));
  EXPECT_NEAR(*shop.baseline().metrics.at("network").value, 50e6, 1);
}

TEST(OwnQueryTest, IsHandedOnAsItWasWritten) {
  const OwnQueries own{{"error_rate", counters(kFailed)}, {"cpu", single(R"(c{pod=~"{{pods}}"})")}};
  EXPECT_EQ(own_queries_from(to_json(own)), own);
  auto baseline = test::baseline();
  baseline.own = own;
  baseline.scraped_every = 60s;
  const auto again = baseline_from_json(to_json(baseline));
  EXPECT_EQ(again.own, own);
  EXPECT_EQ(again.scraped_every, 60s);
  EXPECT_TRUE(own_queries_from({}).empty());
}

TEST(OwnQueryTest, WatchJudgesByWhatWasShownBeforeTheSwitch) {
  Shop shop(8);
  shop.set("error_rate", counters(kFailed));
  const auto shown = shop.baseline();
  shop.set("error_rate", {});
  Session session({.config = shop.config_, .baseline = shown}, test::scope_of("green", {"shop-green-1"}),
                  Shop::kSwitched);
  EXPECT_EQ(session.look(shop.store_, Shop::kSwitched + 2min).state, State::critical);
}

TEST(OwnQueryTest, WhatCannotTellTheColoursApartOnlyWarns) {
  const std::pair<const char*, bool> cases[] = {
      {R"(c{pod=~"{{pods}}"})", true},         {R"(c{d="{{deployment}}"})", true}, {R"(c{c="{{colour}}"})", true},
      {R"(c{v="{{version}}"})", true},         {R"(c{v="{{semver}}"})", true},     {R"(c{n="{{namespace}}"})", false},
      {R"(c{a="{{app}}"}[{{window}}])", false}};
  for (const auto& [promql, tells] : cases) {
    const OwnQueries own{{"error_rate", counters(kFailed, promql)}};
    EXPECT_EQ(why_it_only_warns(kErrorRate, own).empty(), tells) << promql;
  }
  const OwnQueries rate{{"request_rate", single("x")}};
  EXPECT_EQ(why_it_only_warns(kRequestRate, rate), "") << "it is not judged anyway";
  EXPECT_EQ(why_it_only_warns(kErrorRate, {}), "");
}

}  // namespace
}  // namespace baton::judge
