// Histories in a real Prometheus, run through the rules.
#include "common/judge/calibration_run.h"

#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "common/io/clock.h"
#include "tests/common/judge/history.h"
#include "tests/support/prometheus.h"
#include "tests/support/refusal.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::Episode;

constexpr Duration kWindow = 10min;
constexpr Duration kBaseline = 10min;

/// Two pods of a Deployment that a person calls shop-blue, from `begin_` on, and windows from the end of the first
/// baseline on.
class Past {
 public:
  explicit Past(const std::vector<Episode>& episodes) : server_(test::openmetrics({pod("x2", episodes)})) {
    config_.watch().baseline = kBaseline;
    for (const auto& episode : episodes) history_.to += episode.length;
  }

  Calibration calibrated() {
    return calibrate(store_, config_, history_, [&](long long done, long long all) { said_.emplace_back(done, all); },
                     {});
  }
  static const RuleTally& rule(const Calibration& made, std::string_view id) {
    return *std::ranges::find(made.rules, id, &RuleTally::rule);
  }
  static std::string smallest(const Calibration& made, std::string_view metric, bool is_critical) {
    for (const auto& detection : made.detections) {
      if (detection.metric == metric && detection.is_critical == is_critical)
        return detection.smallest() == nullptr ? "none" : detection.smallest()->regression;
    }
    return "no row";
  }

  Time begin_ = *parse_rfc3339("2026-03-01T12:00:00Z");
  Config config_;
  SystemClock clock_;
  baton::test::PrometheusServer server_;
  prometheus::Client store_{{.url = server_.url()}, HttpClient({}, Environment{}, clock_)};
  History history_{.scope = {.app = "shop",
                             .namespace_ = "production",
                             .deployment = "shop-blue",
                             .deployments = {"shop-blue", "shop-green"}},
                   .from = begin_ + kBaseline,
                   .to = begin_,
                   .window = kWindow};
  std::vector<std::pair<long long, long long>> said_ = {};

 private:
  test::PodHistory pod(const std::string& name, const std::vector<Episode>& episodes) const {
    return {.pod = "shop-blue-7d9f8b6c5d-" + name,
            .from = begin_,
            .requests_per_second = 100,
            .episodes = episodes,
            .scraped_every = 15s};
  }
};

TEST(CalibrationRun, AQuietHistoryHasNoFalseRollbackAndSaysWhatIsFound) {
  Past past({{.length = 50min, .errors = 0.5}});
  const auto made = past.calibrated();
  EXPECT_EQ(made.windows, 4U);
  EXPECT_EQ(made.judged(), 4U) << made.unknown.front().why;
  for (const auto& rule : made.rules) {
    EXPECT_EQ(rule.windows, 4) << rule.rule;
    EXPECT_TRUE(rule.breaches.empty()) << rule.rule;
  }
  EXPECT_EQ(Past::smallest(made, "error_rate", true), "+6 points");
  EXPECT_EQ(Past::smallest(made, "error_rate", false), "+2 points");
  EXPECT_EQ(Past::smallest(made, "cpu", true), "none") << "ten minutes of a start, and five of a breach";
  EXPECT_EQ(Past::smallest(made, "memory", true), "+50 points");
  EXPECT_EQ(Past::smallest(made, "request_drop", false), "-70 %");
  EXPECT_EQ(made.from, past.history_.from);
  EXPECT_EQ(past.said_.front(), (std::pair<long long, long long>(0, 4)));
  EXPECT_EQ(past.said_.size(), 4U);
}

TEST(CalibrationRun, ABurstCountsOnceAndTellsWhen) {
  Past past({{.length = 35min, .errors = 0.5}, {.length = 1min, .errors = 20}, {.length = 14min, .errors = 0.5}});
  const auto made = past.calibrated();
  const auto& errors = Past::rule(made, "error-rate-critical");
  EXPECT_EQ(errors.windows, 4);
  ASSERT_EQ(errors.breaches.size(), 1U);
  EXPECT_GE(errors.breaches[0].from, past.begin_ + 35min);
  EXPECT_LE(errors.breaches[0].from, past.begin_ + 36min);
  EXPECT_TRUE(Past::rule(made, "latency-p95-critical").breaches.empty());
}

TEST(CalibrationRun, ABurstAtTheSeamOfTwoWindowsCountsOnce) {
  Past past(
      {{.length = 30min - 15s, .errors = 0.5}, {.length = 1min, .errors = 20}, {.length = 20min - 45s, .errors = 0.5}});
  EXPECT_EQ(Past::rule(past.calibrated(), "error-rate-critical").breaches.size(), 1U);
}

TEST(CalibrationRun, WhatNobodyScrapedIsUnknownAndNeverClean) {
  Past past({{.length = 24min, .errors = 0.5}, {.length = 4min, .scraped = false}, {.length = 22min, .errors = 0.5}});
  const auto made = past.calibrated();
  EXPECT_EQ(made.windows, 4U);
  ASSERT_EQ(made.unknown.size(), 1U);
  EXPECT_EQ(made.unknown[0].from, past.begin_ + 20min);
  EXPECT_NE(made.unknown[0].why.find("gaps: only"), std::string::npos) << made.unknown[0].why;
  EXPECT_EQ(Past::rule(made, "error-rate-critical").windows, 3);
}

TEST(CalibrationRun, BeforeTheFirstSampleThereIsNoBaseline) {
  Past past({{.length = 30min, .errors = 0.5}});
  past.history_.from -= 2 * kWindow;
  const auto made = past.calibrated();
  EXPECT_EQ(made.windows, 4U);
  ASSERT_EQ(made.unknown.size(), 2U);
  EXPECT_EQ(made.unknown[0].from, past.history_.from) << "ascending";
  EXPECT_TRUE(made.unknown[0].why.starts_with("no baseline of error_rate: ")) << made.unknown[0].why;
}

TEST(CalibrationRun, AStoreThatIsAwayIsNotAskedForEver) {
  Past past({{.length = 1min}});
  past.history_.from = past.history_.to - 6 * kWindow;
  prometheus::Client away({.url = "http://127.0.0.1:1"}, HttpClient({}, Environment{}, past.clock_));
  const auto made = calibrate(away, past.config_, past.history_, [](long long, long long) {}, {});
  EXPECT_EQ(made.judged(), 0U);
  ASSERT_EQ(made.unknown.size(), 6U);
  EXPECT_TRUE(made.unknown[2].why.starts_with("not asked for: ")) << made.unknown[2].why;
  EXPECT_FALSE(made.unknown[3].why.starts_with("not asked for: ")) << made.unknown[3].why;
}

TEST(CalibrationRun, AStopEndsIt) {
  Past past({{.length = 1min}});
  past.history_.from = past.history_.to - 6 * kWindow;
  std::stop_source stop;
  stop.request_stop();
  const auto error = baton::test::error_of([&] {
    calibrate(
        past.store_, past.config_, past.history_, [](long long, long long) {}, stop.get_token());
  });
  EXPECT_EQ(error.code(), ExitCode::interrupted);
}

}  // namespace
}  // namespace baton::judge
