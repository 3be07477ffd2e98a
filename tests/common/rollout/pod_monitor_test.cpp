// What is remembered of a colour's pods from look to look.
#include "common/rollout/pod_monitor.h"

#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/http_server.h"

namespace baton::rollout {
namespace {

class PodMonitorTest : public testing::Test {
 protected:
  Ground ground;
  Context context = ground.context();
  const Move move{.deployment = "myapp"};
};

TEST_F(PodMonitorTest, CountsTheFailuresOfEachProbeAlsoWherePathsAreTheSame) {
  ground.config.rollout().smoke = {{.path = "/health", .status = 418}, {.path = "/health"}};
  PodMonitor monitor(context, move);
  ASSERT_EQ(monitor.look(), "");
  ASSERT_EQ(monitor.pods().size(), 1U) << "of one ReplicaSet";
  EXPECT_EQ(monitor.smoke(), "");
  EXPECT_TRUE(monitor.is_smoke_open());
  EXPECT_EQ(monitor.smoke(), "");
  const auto trouble = monitor.smoke();
  EXPECT_NE(trouble.find("status 200, wanted 418"), std::string::npos) << trouble;
  EXPECT_FALSE(monitor.is_smoke_open());
}

TEST_F(PodMonitorTest, AColourThatWasDeletedHasNoReadyPod) {
  PodMonitor monitor(context, move);
  ground.kube.remove(kube::kDeployments, "myapp");
  EXPECT_EQ(monitor.look(), "") << "one look may fall between two pods";
  EXPECT_FALSE(monitor.has_lost_all());
  EXPECT_EQ(monitor.look(), "no pod of 'myapp' is ready");
  EXPECT_TRUE(monitor.has_lost_all());
}

/// What its API server says of the one pod of `myapp`.
struct Said {
  int restarts = 0;
  std::string last_end = "Error";  ///< of its container
  std::string ready = "True";
  std::string since = "2026-03-01T12:00:00Z";
};

std::string answer_about(const std::string& target, const Said& said) {
  const auto owned = [](const std::string& name, const std::string& kind, const std::string& owner) {
    return R"("metadata":{"name":")" + name + R"(","uid":")" + name + R"(","ownerReferences":[{"kind":")" + kind +
           R"(","name":")" + owner + R"(","uid":")" + owner + R"(","controller":true}]})";
  };
  if (target.find("/deployments/") != std::string::npos)
    return R"({"metadata":{"name":"myapp","uid":"myapp"},"spec":{"selector":{"matchLabels":{"app":"myapp"}}}})";
  const bool is_sets = target.find("/replicasets") != std::string::npos;
  const auto item = is_sets
                        ? owned("set", "Deployment", "myapp")
                        : owned("pod", "ReplicaSet", "set") + R"(,"status":{"conditions":[{"type":"Ready","status":")" +
                              said.ready + R"(","lastTransitionTime":")" + said.since +
                              R"("}],"containerStatuses":[{"name":"c","ready":true,)" +
                              R"("lastState":{"terminated":{"reason":")" + said.last_end + R"("}},"restartCount":)" +
                              std::to_string(said.restarts) + "}]}";
  return R"({"kind":"List","metadata":{},"items":[{)" + item + "}]}";
}

/// One pod, of which an API server of the test's own tells.
class OnePodTest : public testing::Test {
 protected:
  Said said;
  test::HttpServer api{[this](const test::Received& request) {
    return test::Answer{.headers = {{"Content-Type", "application/json"}}, .body = answer_about(request.target, said)};
  }};
  ManualClock clock{*parse_rfc3339("2026-03-01T12:00:00Z")};
  const Config config;
  kube::Client kube{{.server = api.url(), .namespace_name = "production"}, Environment(), clock};
  HttpClient http{{}, Environment(), clock};
  Context context{
      .kube = kube, .config = config, .clock = clock, .http = http, .stop = {}, .app = {}, .id = {}, .say = {}};
  const Move move{.deployment = "myapp"};
  PodMonitor monitor{context, move};
};

TEST_F(OnePodTest, OneRestartMayBeTheNodesASecondIsTheReleases) {
  said.restarts = 3;
  PodMonitor of_all(context, move, RestartsFrom::birth);
  EXPECT_EQ(monitor.look() + of_all.look(), "");
  EXPECT_EQ(monitor.restarts(), "") << "they were there at the first look";
  EXPECT_EQ(of_all.restarts(), "3 restarts of 'myapp' since the switch");
  said.restarts = 4;
  EXPECT_EQ(monitor.look(), "");
  EXPECT_EQ(monitor.restarts(), "");
  said.restarts = 5;
  EXPECT_EQ(monitor.look(), "");
  EXPECT_EQ(monitor.restarts(), "2 restarts of 'myapp' since the switch");
}

TEST_F(OnePodTest, OneRestartForWantOfMemoryIsTheReleases) {
  said.last_end = "OOMKilled";
  said.restarts = 1;
  EXPECT_EQ(monitor.look(), "");
  EXPECT_EQ(monitor.restarts(), "") << "it was killed before anybody watched";
  said.restarts = 2;
  EXPECT_EQ(monitor.look(), "") << "it is ready again";
  EXPECT_EQ(monitor.restarts(), "container 'c' of pod 'pod' was OOM killed");
}

TEST_F(OnePodTest, APodMayBeUnreadyForTwoMinutes) {
  said.ready = "False";
  clock.advance(std::chrono::minutes(2) - std::chrono::milliseconds(1));
  monitor.look();
  EXPECT_EQ(monitor.unready(), "");
  clock.advance(std::chrono::milliseconds(1));
  monitor.look();
  EXPECT_EQ(monitor.unready(), "pod 'pod' has not been ready since 2026-03-01T12:00:00Z");
  said.ready = "True";
  monitor.look();
  EXPECT_EQ(monitor.unready(), "");
}

}  // namespace
}  // namespace baton::rollout
