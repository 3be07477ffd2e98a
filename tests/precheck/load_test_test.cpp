// P95 < target and an error rate < 1 %, at their limits.
#include "tools/precheck/load_test.h"

#include <gtest/gtest.h>

#include "common/core/finding_text.h"
#include "tests/precheck/scene.h"
#include "tests/support/http_server.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;

LoadResults measured(double ms, P95::Basis basis = P95::Basis::declared, double failed_share = 0) {
  return {.p95 = P95{.ms = ms, .basis = basis}, .requests = 1000, .failed_share = failed_share};
}

// SOP 1.1: P95 latency < target.
TEST(JudgeLoad, TheTargetIsMetStrictly) {
  const LoadRules rules{.max_p95 = 200ms};
  EXPECT_EQ(judge_load(measured(199.99), rules).outcome, Outcome::pass);
  EXPECT_EQ(judge_load(measured(200), rules).outcome, Outcome::fail);
  EXPECT_EQ(judge_load(measured(200.01), rules).outcome, Outcome::fail);
}

TEST(JudgeLoad, WithoutATargetNothingIsProved) {
  const auto seen = judge_load(measured(1), {});
  EXPECT_EQ(seen.outcome, Outcome::unknown);
  EXPECT_NE(seen.message.find("there is no target"), std::string::npos) << seen.message;
}

TEST(JudgeLoad, ABoundProvesTheTargetButNoBreachOfIt) {
  const LoadRules rules{.max_p95 = 200ms};
  EXPECT_EQ(judge_load(measured(199, P95::Basis::bound), rules).outcome, Outcome::pass);
  EXPECT_EQ(judge_load(measured(200, P95::Basis::bound), rules).outcome, Outcome::unknown);
  EXPECT_EQ(judge_load(measured(200, P95::Basis::computed), rules).outcome, Outcome::fail);
}

TEST(JudgeLoad, AThresholdOfTheTestItselfFails) {
  auto results = measured(1);
  results.crossed = {"http_req_failed rate<0.01"};
  const auto seen = judge_load(results, {.max_p95 = 200ms});
  EXPECT_EQ(seen.outcome, Outcome::fail);
  EXPECT_NE(seen.message.find("http_req_failed rate<0.01"), std::string::npos) << seen.message;
  EXPECT_EQ(judge_load(results, {}).outcome, Outcome::fail);
}

// SOP 1.4: the error rate of the load test is under 1 %.
TEST(JudgeLoad, OnePercentOfErrorsIsTooMuch) {
  const LoadRules staging{.max_p95 = 200ms, .with_errors = Outcome::fail, .needs_errors = true};
  EXPECT_EQ(judge_load(measured(1, P95::Basis::declared, 0.0099), staging).outcome, Outcome::pass);
  EXPECT_EQ(judge_load(measured(1, P95::Basis::declared, 0.01), staging).outcome, Outcome::fail);
  EXPECT_EQ(judge_load(measured(1, P95::Basis::declared, 0.01), {.max_p95 = 200ms}).outcome, Outcome::unknown)
      << "requests that fail are fast";
  EXPECT_EQ(judge_load(measured(300, P95::Basis::declared, 0.01), {.max_p95 = 200ms}).outcome, Outcome::fail);
}

TEST(JudgeLoad, AReportThatTellsOfNoErrorsIsUnknownWhereTheyCount) {
  LoadResults silent{.p95 = P95{.ms = 1}, .requests = 9, .silent = "load.csv"};
  EXPECT_EQ(judge_load(silent, {.max_p95 = 200ms}).outcome, Outcome::pass);
  const auto seen = judge_load(silent, {.max_p95 = 200ms, .needs_errors = true});
  EXPECT_EQ(seen.outcome, Outcome::unknown);
  EXPECT_NE(seen.message.find("load.csv does not tell"), std::string::npos) << seen.message;
}

TEST(JudgeLoad, OfSeveralReportsTheWorstOfEachCounts) {
  auto all = measured(100, P95::Basis::declared, 0.001);
  all += measured(150, P95::Basis::computed, 0.005);
  EXPECT_EQ(all.p95->ms, 150);
  EXPECT_EQ(all.requests, 2000);
  EXPECT_EQ(all.failed_share, 0.005);
  all += LoadResults{.doubts = {"x: it counts no request"}};
  EXPECT_EQ(judge_load(all, {.max_p95 = 200ms}).outcome, Outcome::unknown);
  EXPECT_EQ(judge_load({}, {.max_p95 = 200ms}).outcome, Outcome::unknown);
}

std::string k6(const std::string& p95, const std::string& failed = "0") {
  return R"k({"metrics":{"http_req_duration":{"p(95)":)k" + p95 +
         R"k(},"http_reqs":{"count":1000},"http_req_failed":{"value":)k" + failed + "}}}";
}

Finding performance_of(const std::string& text, const std::string& target = "max_p95: 200ms, ") {
  const WrittenFile report("load", text);
  EnvScene scene("precheck: {quality: {performance: {" + target + "reports: ['" + report.path() + "']}}}");
  report.age_in(scene);
  return look_at(scene, "performance");
}

TEST(PerformanceCheck, ReadsTheReportAndSaysHowTheP95WasGot) {
  const auto finding = performance_of(k6("125"));
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding_line(finding), "Performance: 125 ms; P95 as reported, 1000 requests, 0 % failed");
  EXPECT_EQ(performance_of(k6("200")).outcome, Outcome::fail);
  EXPECT_EQ(performance_of(k6("125"), "").outcome, Outcome::unknown);
  EXPECT_EQ(performance_of("{\"metrics\":{\"iterations\":{\"count\":1}}}").outcome, Outcome::unknown);
  EXPECT_EQ(performance_of("hello").outcome, Outcome::unknown);
}

TEST(PerformanceCheck, WithNeitherReportsNorAQueryItIsNotConfigured) {
  EnvScene scene("precheck: {quality: {performance: {max_p95: 200ms}}}");
  const auto finding = look_at(scene, "performance");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_FALSE(finding.settled);
}

Finding performance_by_query(const std::string& result) {
  std::string asked;
  test::HttpServer store([&](const test::Received& request) {
    asked = request.target + request.body;
    return test::Answer{.headers = {{"Content-Type", "application/json"}},
                        .body = R"k({"status":"success","data":{"resultType":"vector","result":[)k" + result + "]}}"};
  });
  EnvScene scene("metrics: {prometheus: '" + store.url() +
                 "'}\nprecheck: {quality: {performance: {max_p95: 200ms, query: 'p95{app=\"{{app}}\"}'}}}");
  scene.loaded.values.app = "shop";
  const auto finding = look_at(scene, "performance");
  EXPECT_NE(asked.find("shop"), std::string::npos) << asked;
  return finding;
}

std::string point(const std::string& value) { return R"k({"metric":{},"value":[1772366400,")k" + value + "\"]}"; }

TEST(PerformanceCheck, AsksTheStoreInSeconds) {
  const auto finding = performance_by_query(point("0.125"));
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed, Measured(125.0, "ms"));
  EXPECT_EQ(performance_by_query(point("0.2")).outcome, Outcome::fail);
}

TEST(PerformanceCheck, NoNumberOfTheStoreIsUnknown) {
  for (const auto& result :
       {std::string(), point("NaN"), point("0"), point("+Inf"), point("0.1") + "," + point("0.1")}) {
    const auto finding = performance_by_query(result);
    EXPECT_EQ(finding.outcome, Outcome::unknown) << result;
    EXPECT_FALSE(finding.recovery.empty());
  }
}

TEST(StagingPerformanceCheck, HoldsThemToTheSameTargetAndToOnePercentOfErrors) {
  const auto staging_of = [](const std::string& text, const std::string& target = "max_p95: 200ms") {
    const WrittenFile report("load", text);
    EnvScene scene("precheck: {quality: {performance: {" + target + "}}, staging: {performance: ['" + report.path() +
                   "']}}");
    report.age_in(scene);
    return look_at(scene, "staging-performance");
  };
  EXPECT_EQ(staging_of(k6("125")).outcome, Outcome::pass);
  EXPECT_EQ(staging_of(k6("125", "0.0099")).outcome, Outcome::pass);
  EXPECT_EQ(staging_of(k6("125", "0.01")).outcome, Outcome::fail);
  EXPECT_EQ(staging_of(k6("200")).outcome, Outcome::fail);
  EXPECT_EQ(staging_of(k6("125"), "").outcome, Outcome::unknown);
  EXPECT_EQ(staging_of(R"k({"metrics":{"http_req_duration":{"p(95)":1},"http_reqs":{"count":9}}})k").outcome,
            Outcome::unknown);
  EXPECT_EQ(staging_of("").outcome, Outcome::unknown);
}

}  // namespace
}  // namespace baton::precheck
