// What is remembered of a colour's pods from look to look.
#include "common/rollout/pod_monitor.h"

#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "common/rollout/pods.h"
#include "tests/common/rollout/ground.h"

namespace baton::rollout {
namespace {

class PodMonitorTest : public testing::Test {
 protected:
  /// The first pod's only container was restarted so often by now.
  void restart(int count) {
    auto& store = ground.playground.sandbox().store();
    const auto name = name_of(ground.kube.list(kube::kPods).front());
    store.update({.kind = &sandbox::kind_named("Pod"), .ns = "production", .name = name},
                 [&](Json& pod) { pod["status"]["containerStatuses"].items().front()["restartCount"] = count; });
  }

  Ground ground;
  Context context = ground.context();
  const Move move{.deployment = "myapp"};
};

TEST_F(PodMonitorTest, CountsTheFailuresOfEachProbeAlsoWherePathsAreTheSame) {
  ground.config.rollout().smoke = {{.path = "/health", .status = 418}, {.path = "/health"}};
  PodMonitor monitor(context, move);
  ASSERT_EQ(monitor.look(), "");
  ASSERT_EQ(monitor.pods().size(), 2U);
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

TEST_F(PodMonitorTest, OneRestartMayBeTheNodesASecondIsTheReleases) {
  PodMonitor monitor(context, move);
  PodMonitor of_all(context, move, RestartsFrom::birth);
  restart(3);
  EXPECT_EQ(monitor.look() + of_all.look(), "");
  EXPECT_EQ(monitor.restarts(), "") << "they were there at the first look";
  EXPECT_EQ(of_all.restarts(), "3 restarts of 'myapp' since the switch");
  restart(4);
  EXPECT_EQ(monitor.look(), "");
  EXPECT_EQ(monitor.restarts(), "");
  restart(5);
  EXPECT_EQ(monitor.look(), "");
  EXPECT_EQ(monitor.restarts(), "2 restarts of 'myapp' since the switch");
}

}  // namespace
}  // namespace baton::rollout
