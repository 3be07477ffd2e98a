// The baseline of the watched metrics, and that it is handed on.
#include <gtest/gtest.h>

#include "common/config/sections/precheck.h"
#include "common/judge/baseline.h"
#include "common/rollout/lease.h"
#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/http_server.h"
#include "tools/precheck/look.h"
#include "tools/precheck/precheck.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

const Headers kJson = {{"Content-Type", "application/json"}};
/// What the store answers when it is asked which names it has.
constexpr std::string_view kNames = R"({"status":"success","data":{"resultType":"vector","result":[
  {"metric":{"__name__":"http_requests_total","code":"200"},"value":[1772366400,"2"]},
  {"metric":{"__name__":"http_request_duration_seconds_bucket"},"value":[1772366400,"9"]}]}})";

/// A release that serves, and a store in which every series but those of `absent` is there; "": no series at all.
class MeasuredWorld {
 public:
  explicit MeasuredWorld(const std::string& absent = "nothing")
      : store_([absent](const test::Received& request) { return answer(request, absent); }),
        scene_("metrics: {prometheus: '" + store_.url() + "'}\nkubernetes: {namespace: production}") {
    scene_.loaded.values.app = "myapp";
    scene_.environment = Environment({{"KUBECONFIG", playground_.kubeconfig()}});
  }

  EnvScene& scene() { return scene_; }
  Finding finding() { return look_at(scene_, "metrics-baseline"); }
  StepResult run_only() { return run({.only = {"metrics-baseline"}}, scene_.env); }

 private:
  static test::Answer answer(const test::Received& request, const std::string& absent) {
    const auto asked = request.target + request.body;
    if (!absent.empty() && asked.find("count%20by") != std::string::npos)
      return {.headers = kJson, .body = std::string(kNames)};
    const bool is_range = request.target.starts_with("/api/v1/query_range");
    const std::string series = is_range ? R"({"metric":{},"values":[[1772366400,"10"],[1772366460,"20"]]})"
                                        : R"({"metric":{},"value":[1772366400,"0.25"]})";
    const bool is_absent = asked.find(absent) != std::string::npos;
    return {.headers = kJson,
            .body = R"({"status":"success","data":{"resultType":")" + std::string(is_range ? "matrix" : "vector") +
                    R"(","result":[)" + (is_absent ? "" : series) + "]}}"};
  }

  test::Playground playground_;
  test::HttpServer store_;
  EnvScene scene_;
};

// SOP 3, "Input": baseline metrics from before the deployment.
TEST(BaselineCheck, PassesWhenEveryMetricHasAValueAndHandsThemOn) {
  MeasuredWorld world;
  const auto result = world.run_only();
  const auto found = std::ranges::find(result.findings, "metrics-baseline", &Finding::id);
  ASSERT_NE(found, result.findings.end());
  EXPECT_EQ(found->outcome, Outcome::pass) << found->message;
  EXPECT_EQ(found->message,
            "5 metrics are watched, measured over 1h; requests from http_requests_total, failed where code=~\"5..\"; "
            "durations from http_request_duration_seconds_bucket; 20 of 20 requests failed");
  ASSERT_EQ(result.state.members().size(), 1U);
  const auto baseline = judge::baseline_from_json(result.state["baseline"]);
  ASSERT_EQ(baseline.metrics.size(), 5U);
  EXPECT_EQ(baseline.metrics.at("latency_p95").value, 0.25);
}

TEST(BaselineCheck, FailsAndNamesWhatIsAbsent) {
  MeasuredWorld world("memory");
  const auto finding = world.finding();
  EXPECT_EQ(finding.outcome, Outcome::fail) << finding.message;
  EXPECT_TRUE(finding.message.ends_with("; absent: memory")) << finding.message;
  EXPECT_EQ(finding.observed, Measured(4, "metrics"));
}

TEST(BaselineCheck, AFirstReleaseThatNoStoreKnowsYetIsCautionAndSaysWhatWillBeWatched) {
  MeasuredWorld world("");
  const auto result = world.run_only();
  const auto found = std::ranges::find(result.findings, "metrics-baseline", &Finding::id);
  ASSERT_NE(found, result.findings.end());
  EXPECT_EQ(found->outcome, Outcome::warn) << found->message;
  EXPECT_EQ(found->message,
            "first release: the store has no series of it yet; only readiness, restarts and smoke will be watched");
  EXPECT_EQ(result.state, Json::object({{"without_metrics", "first release: the store has no series of it yet"}}));
  EXPECT_EQ(result.verdict, Verdict::caution);
}

TEST(BaselineCheck, WhereBatonReleasedBeforeNoSeriesAtAllFails) {
  MeasuredWorld world("");
  const Look look(world.scene().env);
  auto context = look.context();
  rollout::Lease::acquire(context, rollout::Claim::wait).remember({.id = "id-0"});
  const auto finding = world.finding();
  EXPECT_EQ(finding.outcome, Outcome::fail) << finding.message;
}

TEST(BaselineCheck, EveryNameThatDeclaresItNotApplicableIsKnownAfterTheSwitchToo) {
  const auto [group, check] = place_of("metrics-baseline");
  EXPECT_EQ(kMetricsNames, (std::array{check->part, check->id, group->id}));
}

}  // namespace
}  // namespace baton::precheck
