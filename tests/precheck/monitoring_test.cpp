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

struct Stored {
  std::string absent = "nothing";  ///< whose series are not there; "": no series at all
  int apart = 15;                  ///< seconds between two scrapes
  int requests = 20;               ///< counted last; half of them before
  std::string last_edge = {};      ///< of the histogram that the P95 of 250 ms is in, behind 100 ms; empty: it has none
};

/// A release that serves, and a store.
class MeasuredWorld {
 public:
  explicit MeasuredWorld(const Stored& stored = {}, const std::string& config = "")
      : store_([stored](const test::Received& request) { return answer(request, stored); }),
        scene_("metrics: {prometheus: '" + store_.url() + "'}\nkubernetes: {namespace: production}\n" + config) {
    scene_.loaded.values.app = "myapp";
    scene_.environment = Environment({{"KUBECONFIG", playground_.kubeconfig()}});
  }

  EnvScene& scene() { return scene_; }
  Finding finding() { return look_at(scene_, "metrics-baseline"); }
  StepResult run_only() { return run({.only = {"metrics-baseline"}}, scene_.env); }

 private:
  static std::string range(const std::string& first, const std::string& last, int apart) {
    return R"({"metric":{},"values":[[1772366400,")" + first + "\"],[" + std::to_string(1772366400 + apart) + ",\"" +
           last + "\"]]}";
  }
  static std::string edges(const std::string& last) {
    std::string all = R"({"metric":{"le":"0.1"},"value":[1772366400,"10"]})";
    if (last != "+Inf") all += R"(,{"metric":{"le":")" + last + R"("},"value":[1772366400,"99"]})";
    return all + R"(,{"metric":{"le":"+Inf"},"value":[1772366400,"99"]})";
  }
  static test::Answer answer(const test::Received& request, const Stored& stored) {
    const auto asked = request.target + request.body;
    if (!stored.absent.empty() && asked.find("count%20by") != std::string::npos)
      return {.headers = kJson, .body = std::string(kNames)};
    const bool is_range = request.target.starts_with("/api/v1/query_range");
    const auto newest = std::to_string(1772366400 + stored.apart);
    std::string series = R"({"metric":{},"value":[1772366400,"0.25"]})";
    if (is_range) series = range(std::to_string(stored.requests / 2), std::to_string(stored.requests), 60);
    if (asked.find("timestamp%28") != std::string::npos) series = range("1772366400", newest, stored.apart);
    const bool asks_for_edges =
        asked.find("%28le%29") != std::string::npos && asked.find("quantile") == std::string::npos;
    if (asks_for_edges && !is_range && !stored.last_edge.empty()) series = edges(stored.last_edge);
    const bool is_absent = asked.find(stored.absent) != std::string::npos;
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
            "6 metrics are watched, measured over 1h; requests from http_requests_total, failed where code=~\"5..\"; "
            "durations from http_request_duration_seconds_bucket; 20 of 20 requests failed; yesterday is known since "
            "2026-03-01T12:00:00Z only: what is slow at an hour every day looks new before it");
  ASSERT_EQ(result.state.members().size(), 1U);
  const auto baseline = judge::baseline_from_json(result.state["baseline"]);
  ASSERT_EQ(baseline.metrics.size(), 6U);
  EXPECT_EQ(baseline.metrics.at("latency_p95").value, 0.25);
}

// A rise within one bucket is none to the judge.
TEST(BaselineCheck, SaysWhichRiseOfTheLatencyItsHistogramCannotShow) {
  const auto message = [](const std::string& last_edge) {
    return MeasuredWorld({.last_edge = last_edge}).finding().message;
  };
  EXPECT_NE(message("0.5").find("; P95 250 ms lies between the histogram's edges 100 ms and 500 ms: a rise below "
                                "100 % cannot be told;"),
            std::string::npos)
      << message("0.5");
  EXPECT_NE(message("+Inf").find("edges 100 ms and infinity: no rise of it can be told;"), std::string::npos)
      << message("+Inf");
}

TEST(BaselineCheck, FailsAndNamesWhatIsAbsent) {
  MeasuredWorld world({.absent = "memory"});
  const auto finding = world.finding();
  EXPECT_EQ(finding.outcome, Outcome::fail) << finding.message;
  EXPECT_TRUE(finding.message.ends_with("; absent: memory (no such series)")) << finding.message;
  EXPECT_EQ(finding.observed, Measured(5, "metrics"));
}

TEST(BaselineCheck, AFirstReleaseThatNoStoreKnowsYetIsCautionAndSaysWhatWillBeWatched) {
  MeasuredWorld world({.absent = ""});
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
  MeasuredWorld world({.absent = ""});
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

// Decisions 53: no such series, no traffic, scraped too rarely.
TEST(BaselineCheck, NoTrafficIsNotKnownRatherThanAbsent) {
  const auto finding = MeasuredWorld({.requests = 0}).finding();
  EXPECT_EQ(finding.outcome, Outcome::unknown) << finding.message;
  EXPECT_TRUE(finding.message.ends_with("; absent: error_rate (no traffic: no request in 1h)")) << finding.message;
}

TEST(BaselineCheck, AScrapeAMinuteWidensTheWindowAndSaysSo) {
  const auto finding = MeasuredWorld({.apart = 60}).finding();
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_NE(finding.message.find("; scraped every 1m: rates are taken over 4m"), std::string::npos) << finding.message;
}

TEST(BaselineCheck, ARarerScrapeStopsWithTheStepToSet) {
  const auto finding = MeasuredWorld({.apart = 61}).finding();
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("scraped every 1m1s, too rarely for watch.step 15s: set watch.step to 1m1s"),
            std::string::npos)
      << finding.message;
  EXPECT_EQ(MeasuredWorld({.apart = 61}, "watch: {step: 61s}").finding().outcome, Outcome::pass);
}

TEST(BaselineCheck, AnOwnQueryIsShownWithItsValue) {
  MeasuredWorld world(
      {}, R"(watch: {metrics: {error_rate: {errors: 'e{pod=~"{{pods}}"}', requests: 'r{pod=~"{{pods}}"}'}}})");
  const auto finding = world.finding();
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_NE(
      finding.message.find("error_rate 100 % by its own query 100 * sum(increase((e{pod=~\"{{pods}}\"})[1m:15s])) / "),
      std::string::npos)
      << finding.message;
  EXPECT_EQ(finding.message.find("requests from http_requests_total"), std::string::npos) << finding.message;
}

TEST(BaselineCheck, AnOwnQueryThatOnlyWarnsIsAWarningWithItsReason) {
  const auto finding =
      MeasuredWorld({}, R"(watch: {metrics: {latency_p95: 'p{pod=~"{{pods}}"}', cpu: 'c{}'}})").finding();
  EXPECT_EQ(finding.outcome, Outcome::warn) << finding.message;
  EXPECT_TRUE(
      finding.message.ends_with("watch.metrics.latency_p95 only warns: there are no counts behind it; "
                                "watch.metrics.cpu only warns: without {{pods}} it cannot tell the colours apart"))
      << finding.message;
}

TEST(BaselineCheck, AnOwnQueryWithNoSeriesStops) {
  const auto finding =
      MeasuredWorld({.absent = "nowhere"}, R"(watch: {metrics: {network: 'nowhere{pod=~"{{pods}}"}'}})").finding();
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_TRUE(finding.message.ends_with("; absent: network (no such series)")) << finding.message;
}

}  // namespace
}  // namespace baton::precheck
