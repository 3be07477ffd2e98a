// Traffic back, then judged, then written down: what a rollback says of itself.
#include "common/rollback/rollback.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"
#include "common/rollout/pods.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/http_server.h"
#include "tests/support/prometheus.h"
#include "tests/support/refusal.h"

namespace baton::rollback {
namespace {

using namespace std::chrono_literals;
using test::says;

constexpr std::string_view kJudging = "error rate and P95 to be back at the baseline";

/// A release in the playground that is to be rolled back; the old colour is judged for two seconds after that.
class RollbackTest : public testing::Test {
 protected:
  RollbackTest() {
    ground.config.rollout().verify_rollback = 2s;  // one whole step of the grid at least
    ground.config.watch().step = 1s;
    baseline.metrics["error_rate"] = {.value = 0.5, .requests = 10'000, .errors = 50};
    baseline.metrics["latency_p95"] = {.value = 0.2};
    context.progress = [this](const std::string& what, Duration, Duration until) {
      if (what != kJudging) return;
      judged_for.push_back(until);
      if (judged_for.size() == stops_at_look) stopping.request_stop();
    };
    context.stop = stopping.get_token();
  }

  /// What the pods of the old colour will have told Prometheus, from a minute ago on: 500 requests a second each, all
  /// answered within a tenth of a second.
  std::string history(double error_percent, const std::string& deployment = "myapp") {
    const auto owner = context.kube.get(kube::kDeployments, deployment, context.stop);
    std::string counts = "# TYPE http_requests counter\n";
    std::string buckets = "# TYPE http_request_duration_seconds histogram\n";
    for (const auto& object : rollout::owned_pods(context, owner)) {
      const auto& pod = rollout::name_of(object);
      const std::string in = fmt::format(R"(namespace="production",pod="{}")", pod);
      for (const auto& [status, share] : {std::pair("200", 100 - error_percent), std::pair("500", error_percent)}) {
        counts += lines(fmt::format("http_requests_total{{{},status=\"{}\"}}", in, status), 5 * share);
      }
      for (const auto* bound : {"0.1", "0.2", "+Inf"})
        buckets += lines(fmt::format("http_request_duration_seconds_bucket{{{},le=\"{}\"}}", in, bound), 500);
    }
    return counts + buckets;
  }
  std::string lines(const std::string& series, double per_second) {
    std::string text;
    for (int second = 0; second < 120; ++second)
      text += fmt::format("{} {} {}\n", series, per_second * second,
                          to_unix_seconds(ground.clock.now() - 60s + second * 1s));
    return text;
  }
  prometheus::Client client_of(const std::string& url) {
    return prometheus::Client({.url = url}, HttpClient({.attempts = 1}, Environment{}, ground.clock));
  }

  Result roll_back_to(prometheus::Client* store) {
    return roll_back({.context = context,
                      .move = move,
                      .store = store,
                      .baseline = &baseline,
                      .reason = "error rate 8 %",
                      .by = "a test",
                      .findings = {{.id = "error-rate-critical", .title = "Error rate", .outcome = Outcome::fail}},
                      .folder = ground.folder.path()});
  }
  std::string analysis_text() { return read_file(ground.folder.path() / "post-rollback-analysis-v1.6.0.md"); }

  rollout::Ground ground;
  rollout::Move move = ground.release("v1.6.0");
  rollout::Context context = ground.context(move.id);
  judge::Baseline baseline;
  std::stop_source stopping;
  std::size_t stops_at_look = 0;  ///< 1 is the first; 0: never
  std::vector<Duration> judged_for;
};

TEST_F(RollbackTest, SaysThatAllIsBack) {
  const test::PrometheusServer server(history(0.5));
  auto store = client_of(server.url());
  const auto done = roll_back_to(&store);
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_TRUE(says(done.message, "serves"));
  EXPECT_FALSE(says(done.message, "inconclusive"));
  for (const auto* id : {"rollback-error-rate", "rollback-latency-p95"}) {
    const auto finding = std::ranges::find(done.findings, id, &Finding::id);
    ASSERT_NE(finding, done.findings.end()) << id;
    EXPECT_EQ(finding->outcome, Outcome::pass) << id << finding->message;
  }
  EXPECT_EQ(ground.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "blue"}}));
}

TEST_F(RollbackTest, FailsWhenTheOldColourIsIllToo) {
  const test::PrometheusServer server(history(20));
  auto store = client_of(server.url());
  const auto done = roll_back_to(&store);
  EXPECT_EQ(done.verdict, Verdict::rollback_failed);
  EXPECT_TRUE(says(done.message, "; it is not healthy: Error rate back at baseline: 20 % (expected"));
  EXPECT_EQ(ground.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "blue"}}))
      << "traffic stays where it was put back to";
  EXPECT_TRUE(says(analysis_text(), "it is not healthy"));
}

TEST_F(RollbackTest, StandsOnWhatWasSeenWhenItIsStoppedWhileItJudges) {
  ground.config.rollout().verify_rollback = 5min;
  ground.config.watch().step = 200ms;
  stops_at_look = 2;
  auto store = client_of("http://127.0.0.1:1");
  const auto done = roll_back_to(&store);
  EXPECT_EQ(done.verdict, Verdict::rolled_back);
  EXPECT_EQ(judged_for, (std::vector<Duration>{5min, 5min}));
  EXPECT_TRUE(says(done.message, "; baseline inconclusive: cannot reach"));
}

TEST_F(RollbackTest, WithoutAStoreItIsInconclusiveAndDoneTwiceItChangesNothing) {
  const auto first = roll_back_to(nullptr);
  EXPECT_EQ(first.verdict, Verdict::rolled_back);
  EXPECT_TRUE(says(first.message, "; baseline inconclusive: no metrics are configured"));
  EXPECT_EQ(first.artifacts, std::vector<fs::path>{ground.folder.path() / "post-rollback-analysis-v1.6.0.md"});
  const auto before = ground.kube.get(kube::kServices, "myapp")["metadata"]["resourceVersion"];
  const auto second = roll_back_to(nullptr);
  EXPECT_TRUE(judged_for.empty()) << "nobody waits for what nobody can see";
  EXPECT_EQ(second.verdict, first.verdict);
  EXPECT_EQ(second.artifacts, first.artifacts);
  EXPECT_EQ(ground.kube.get(kube::kServices, "myapp")["metadata"]["resourceVersion"], before);
  EXPECT_TRUE(fs::exists(ground.folder.path() / "evidence/myapp-green-deployment.json"));
  for (const auto* part : {"# Post-Rollback Analysis: v1.6.0\n\n## What broke\n- error rate 8 %\n",
                           "- Rolled back by: a test\n", "- Error rate ❌\n", "- myapp-green-deployment.json\n"})
    EXPECT_TRUE(says(analysis_text(), part));
}

TEST_F(RollbackTest, ItsLastLineInTheDeploymentLogSaysWhoServes) {
  std::vector<std::string> lines;
  context.say = [&](const std::string& line) { lines.push_back(line); };
  roll_back_to(nullptr);
  ASSERT_FALSE(lines.empty());
  EXPECT_TRUE(says(lines.back(), "serves again"));
}

TEST_F(RollbackTest, FailsWhenThePublicAddressDoesNotAnswerWell) {
  const test::HttpServer front([](const auto&) { return test::Answer{.status = 503}; });
  ground.config.rollout().public_urls = {front.url()};
  const auto done = roll_back_to(nullptr);
  EXPECT_EQ(done.verdict, Verdict::rollback_failed);
  EXPECT_TRUE(says(done.message, "serves again"));
  EXPECT_TRUE(says(done.message, "; users may not reach it: '" + front.url() + "' answered with status 503"))
      << done.message;
  EXPECT_EQ(ground.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "blue"}}))
      << "traffic stays where it was put back to";
}

TEST_F(RollbackTest, GivesThePublicAddressAMomentToFollow) {
  ground.config.rollout().verify_rollback = 10s;
  std::atomic<int> asked = 0;  // by the proof too, which only listens for versions
  const test::HttpServer front([&](const auto&) { return test::Answer{.status = ++asked < 10 ? 503 : 200}; });
  ground.config.rollout().public_urls = {front.url()};
  const auto done = roll_back_to(nullptr);
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(asked, 10);
}

TEST_F(RollbackTest, CountsWhatTheUsersOfTheBadVersionGot) {
  const test::PrometheusServer server(history(8, "myapp-green"));
  auto store = client_of(server.url());
  baseline.source = judge::RequestSource{.counter = "http_requests_total", .status = "status", .failed = "5.."};
  move.patched_at = ground.clock.now() - 30s;
  const auto affected = roll_back_to(&store).course.affected;
  ASSERT_TRUE(affected) << "its pods are gone, their series are not";
  EXPECT_GT(affected->counts.requests, 25'000) << "two pods, 500 requests a second, 30 seconds";
  EXPECT_NEAR(affected->counts.percent(), 8, 0.5);
  EXPECT_TRUE(says(analysis_text(), "- Failed requests of users: "));
  EXPECT_FALSE(says(analysis_text(), "- Failed requests of users: not known"));
}

TEST_F(RollbackTest, KnowsWhenItWasFoundAndWhenTrafficWasBack) {
  const auto before = ground.clock.now();
  const auto done = roll_back_to(nullptr);
  ASSERT_TRUE(done.course.found && done.course.back);
  EXPECT_GE(*done.course.found, before);
  EXPECT_GE(*done.course.back, *done.course.found);
  EXPECT_FALSE(done.course.affected);
  move.phase = rollout::Phase::undoing;
  EXPECT_FALSE(roll_back_to(nullptr).course.found) << "an earlier run had found it";
}

TEST_F(RollbackTest, JudgesNothingThatCouldNotBePutBack) {
  ground.kube.remove(kube::kDeployments, "myapp");
  auto store = client_of("http://127.0.0.1:1");
  const auto done = roll_back_to(&store);
  EXPECT_EQ(done.verdict, Verdict::rollback_failed);
  EXPECT_TRUE(judged_for.empty());
  EXPECT_TRUE(says(analysis_text(), "❌\n"));
}

}  // namespace
}  // namespace baton::rollback
