// The monitoring report's text: every metric with its unit and its mark, and ❔ where nobody looked.
#include "tools/watch/report.h"

#include <gtest/gtest.h>

#include "common/judge/replay.h"
#include "common/judge/verdict.h"
#include "tests/common/judge/points.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;

const Time kStart = *parse_rfc3339("2026-03-01T12:00:00Z");

judge::Baseline known_baseline() {
  judge::Baseline baseline{.pods = {"shop-blue-1"}};
  baseline.metrics["error_rate"] = {.value = 0.5, .requests = 720'000, .errors = 3'600};
  baseline.metrics["latency_p95"] = {.value = 0.125};
  baseline.metrics["request_rate"] = {.value = 200};
  baseline.metrics["cpu"] = {.value = 40};
  baseline.metrics["memory"] = {.value = 50};
  return baseline;
}

judge::Point seen_at(Time time, double latency) {
  return {.time = time,
          .counts = judge::Counts{.errors = 15, .requests = 3000},
          .readings = {judge::reading_of_histogram(judge::kLatencyP95, judge::test::buckets(latency)),
                       judge::reading_of_pods(*judge::find_metric("cpu"), {30, 40}),
                       judge::reading_of_pods(*judge::find_metric("memory"), {50})}};
}

class ReportTest : public testing::Test {
 protected:
  void see(const std::vector<judge::Point>& points) { judge::replay(criteria_, points, memory_); }
  void see_quiet_points(int count) {
    for (int i = 0; i < count; ++i) see({seen_at(kStart + i * 15s, 0.1)});
  }

  std::string report(Time now, double coverage = 100) const {
    return report_on(judge::conclude(criteria_, {}, memory_), now, coverage);
  }
  std::string report_on(const judge::Look& look, Time now, double coverage = 100) const {
    const judge::Session session(criteria_, {.pods = {"shop-green-1", "shop-green-2"}}, kStart,
                                 judge::to_json(memory_));
    return to_markdown(monitoring_report({.version = "v1.6.0",
                                          .head = head_,
                                          .phases = phases_,
                                          .baseline = criteria_.baseline,
                                          .session = session,
                                          .look = look,
                                          .warnings = warnings_,
                                          .now = now,
                                          .coverage = coverage,
                                          .without_metrics = without_metrics_}));
  }

  std::string without_metrics_ = {};
  std::vector<ReportLine> head_ = {};
  Config config_;
  Phases phases_{.start = kStart, .config = config_.watch()};
  judge::Criteria criteria_{.config = config_, .baseline = known_baseline()};
  judge::Memory memory_;
  std::vector<Warning> warnings_;
};

TEST_F(ReportTest, WithoutMetricsItSaysSoAndWhatWasSeenOfThePods) {
  without_metrics_ = "declared not applicable: no store";
  const judge::Look look{
      .state = judge::State::inconclusive,
      .findings = {
          {.id = "pods-healthy", .sop = "3", .title = "No pod crashes", .critical = true, .outcome = Outcome::pass}}};
  const auto text = report_on(look, kStart + 25h);
  EXPECT_NE(text.find("### Metrics\n- Not judged: declared not applicable: no store ❔\n- No pod crashes"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("Error Rate"), std::string::npos) << text;
  EXPECT_NE(text.find("- Looked at: 100.0 % of what the phases ask for since 2026-03-01T12:00:00Z"), std::string::npos)
      << text;
  EXPECT_NE(text.find("## Status: ⚠️ LIVE, WATCHED WITHOUT METRICS"), std::string::npos) << text;
}

TEST_F(ReportTest, SaysWhatTheSameHoursWereYesterday) {
  auto point = seen_at(kStart, 0.1);
  point.yesterday.emplace_back(&judge::kLatencyP95, 0.14);
  see({point});
  EXPECT_NE(report(kStart + 3min).find("- Yesterday at these hours: 140 ms\n"), std::string::npos);
  see({seen_at(kStart + 15s, 0.1)});
  EXPECT_NE(report(kStart + 3min).find("- Yesterday at these hours: 140 ms, not known of all of them\n"),
            std::string::npos);
}

TEST_F(ReportTest, SaysWhatThePodsToldBesideTheMetrics) {
  see_quiet_points(10);
  auto look = judge::conclude(criteria_, {}, memory_);
  look.findings.push_back({.id = "few-restarts",
                           .sop = "3",
                           .title = "The pods are not restarted",
                           .outcome = Outcome::warn,
                           .message = "container 'c' of pod 'p' was OOM killed"});
  const auto text = report_on(look, kStart + 3min);
  EXPECT_NE(text.find("### Pods\n- The pods are not restarted"), std::string::npos) << text;
  EXPECT_NE(text.find("container 'c' of pod 'p' was OOM killed"), std::string::npos) << text;
}

TEST_F(ReportTest, BeginsWithWhichDeploymentItIsOf) {
  head_ = {{.text = "Application: shop"}, {.text = "Version: v1.6.0"}};
  EXPECT_TRUE(
      report(kStart + 3min)
          .starts_with("# Post-Deployment Monitoring Report: v1.6.0\n\n## Monitoring since 2026-03-01 12:00 UTC "
                       "(intensive phase)\n- Application: shop\n- Version: v1.6.0\n\n### Error Rate\n"))
      << report(kStart + 3min);
}

TEST_F(ReportTest, SaysEveryMetricInItsUnitWithItsMark) {
  see_quiet_points(10);
  see({seen_at(kStart + 150s, 0.2)});
  EXPECT_EQ(report(kStart + 3min), R"(# Post-Deployment Monitoring Report: v1.6.0

## Monitoring since 2026-03-01 12:00 UTC (intensive phase)

### Error Rate
- Baseline: 0.5 %
- Post-deployment avg: 0.5 % (peak 0.5 %, latest 0.5 %) ✅

### Latency (P95)
- Baseline: 125 ms
- Post-deployment avg: 109.09 ms (peak 200 ms, latest 200 ms) ✅
- Yesterday: nothing is known of these hours

### Request Rate
- Baseline: 200 requests/s
- Post-deployment avg: 200 requests/s (peak 200 requests/s, latest 200 requests/s)

### Requests of All Colours
- Baseline: not known
- Post-deployment: nothing was measured ❔

### CPU
- Baseline: 40 %
- Post-deployment avg: 35 % (peak 35 %, latest 35 %) ✅

### Memory
- Baseline: 50 %
- Post-deployment avg: 50 % (peak 50 %, latest 50 %) ✅

### Pods
- Nobody looked: the cluster could not be asked ❔

### Breaches
- None

### Coverage
- Judged: 100.0 % of the time since 2026-03-01T12:00:00Z ✅

### User Feedback
- Not watched by this version ❔

### Queries
- {{pods}} of the baseline: shop-blue-1
- {{pods}} of v1.6.0: shop-green-1|shop-green-2

## Status: ✅ STABLE
)");
}

bool says(const std::string& report, std::string_view line) { return report.find(line) != std::string::npos; }

TEST_F(ReportTest, WhatNobodyMeasuredStaysOpen) {
  criteria_.baseline = {};
  const auto text = report(kStart + 1min, 0);
  EXPECT_TRUE(says(text, "### Memory\n- Baseline: not known\n- Post-deployment: nothing was measured ❔\n")) << text;
  EXPECT_TRUE(says(text, "- Judged: 0.0 % of the time since 2026-03-01T12:00:00Z ❔\n")) << text;
  EXPECT_TRUE(says(text, "- {{pods}} of the baseline: not known\n")) << text;
  EXPECT_TRUE(says(text, "## Status: ❔ INCONCLUSIVE\n")) << text;
}

TEST_F(ReportTest, ABreachIsCriticalWhileItLastsAndAWarningAfterIt) {
  see_quiet_points(10);
  for (int i = 10; i < 15; ++i) see({seen_at(kStart + i * 15s, 0.3)});
  see({seen_at(kStart + 225s, 0.4)});
  const auto during = report(kStart + 4min);
  EXPECT_TRUE(says(during, "- Post-deployment avg: 181.25 ms (peak 400 ms, latest 400 ms) ❌\n")) << during;
  EXPECT_TRUE(says(during, "- latency-p95-critical from 2026-03-01T12:02:30Z to 2026-03-01T12:03:45Z ⚠️\n"))
      << during;
  EXPECT_TRUE(says(during, "## Status: ❌ UNHEALTHY\n")) << during;
  see({seen_at(kStart + 240s, 0.1)});
  const auto after = report(kStart + 4min);
  EXPECT_TRUE(says(after, "(peak 400 ms, latest 100 ms) ⚠️\n")) << after;
  EXPECT_TRUE(says(after, "## Status: ⚠️ STABLE AGAIN\n")) << after;
}

TEST_F(ReportTest, SaysWhatWasDecidedOnAWarning) {
  for (int i = 0; i < 41; ++i) see({seen_at(kStart + i * 15s, 0.19)});
  const auto now = kStart + 10min;
  const auto look = judge::conclude(criteria_, {}, memory_);
  warnings_ = after_look({}, memory_, look, now);
  ASSERT_EQ(warnings_.size(), 1U);
  const std::string held = "- latency-p95-warning from 2026-03-01T12:00:00Z to 2026-03-01T12:10:00Z; ";
  EXPECT_TRUE(says(report(now), held + "to be decided by 2026-03-01T12:25:00Z ⚠️\n")) << report(now);
  EXPECT_TRUE(says(report(now + 15min), held + "nobody decided by 2026-03-01T12:25:00Z ⚠️\n"));
  warnings_[0].accepted_by = "jo";
  warnings_[0].accepted_at = now + 1min;
  EXPECT_TRUE(says(report(now + 15min), held + "accepted by jo at 2026-03-01T12:11:00Z ⚠️\n"));
}

TEST_F(ReportTest, AGapIsNamed) {
  see_quiet_points(10);
  see({{.time = kStart + 150s}, {.time = kStart + 165s}});
  const auto text = report(kStart + 3min);
  EXPECT_TRUE(says(text, "- Gap from 2026-03-01T12:02:30Z to 2026-03-01T12:02:45Z ❔\n")) << text;
  EXPECT_TRUE(says(text, "## Status: ❔ BLIND\n")) << text;
}

TEST_F(ReportTest, CoverageUnder95PercentIsNoStability) {
  see_quiet_points(10);
  EXPECT_TRUE(says(report(kStart + 3min, 95), "## Status: ✅ STABLE\n"));
  const auto text = report(kStart + 3min, 94.9);
  EXPECT_TRUE(says(text, "- Judged: 94.9 % of the time since 2026-03-01T12:00:00Z ❔\n")) << text;
  EXPECT_TRUE(says(text, "## Status: ❔ NOT ENOUGH WAS SEEN\n")) << text;
}

TEST_F(ReportTest, NamesItsPhase) {
  see_quiet_points(10);
  EXPECT_TRUE(says(report(kStart + 3h), "(passive phase)\n"));
  EXPECT_TRUE(says(report(kStart + 24h), "(complete)\n"));
}

}  // namespace
}  // namespace baton::watch
