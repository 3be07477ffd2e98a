// What the soak remembers of smoke probes from look to look.
#include "tools/switch/pod_monitor.h"

#include <gtest/gtest.h>

#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"

namespace baton::cutover {
namespace {

TEST(PodMonitorTest, CountsTheFailuresOfEachProbeAlsoWherePathsAreTheSame) {
  test::Playground playground;
  test::EnvScene scene(
      "kubernetes: {namespace: production}\nswitch: {smoke: [{path: /health, status: 418}, {path: /health}]}");
  scene.loaded.values.app = "myapp";
  scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
  World world(scene.env, "id-1");
  rollout::Move move{.deployment = "myapp"};
  move.selector_after = rollout::labels_from(world.kube.get(kube::kServices, "myapp")["spec"]["selector"]);
  PodMonitor monitor(world, move);
  ASSERT_EQ(monitor.look(), "");
  ASSERT_EQ(monitor.pods().size(), 2U);
  EXPECT_EQ(monitor.smoke(), "");
  EXPECT_EQ(monitor.smoke(), "");
  const auto trouble = monitor.smoke();
  EXPECT_NE(trouble.find("status 200, wanted 418"), std::string::npos) << trouble;
}

TEST(PodMonitorTest, AColourThatWasDeletedHasNoReadyPod) {
  test::Playground playground;
  test::EnvScene scene("kubernetes: {namespace: production}");
  scene.loaded.values.app = "myapp";
  scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
  World world(scene.env, "id-1");
  rollout::Move move{.deployment = "myapp"};
  move.selector_after = rollout::labels_from(world.kube.get(kube::kServices, "myapp")["spec"]["selector"]);
  PodMonitor monitor(world, move);
  world.kube.remove(kube::kDeployments, "myapp");
  EXPECT_EQ(monitor.look(), "") << "one look may fall between two pods";
  EXPECT_FALSE(monitor.has_lost_all());
  EXPECT_EQ(monitor.look(), "no pod of 'myapp' is ready");
  EXPECT_TRUE(monitor.has_lost_all());
}

}  // namespace
}  // namespace baton::cutover
