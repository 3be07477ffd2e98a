// What a look asks the cluster for, counted at the playground's API server.
#include "tools/watch/watched.h"

#include <gtest/gtest.h>

#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;

class WatchedTest : public testing::Test {
 protected:
  WatchedTest() {
    scene.loaded.values.run().standalone = true;
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    // Nobody asks the store: the baseline comes from the handoff.
    scene.add_step(
        "precheck", Verdict::proceed,
        Json::object(
            {{"baseline", judge::to_json(judge::Baseline{.from = scene.clock.now(), .to = scene.clock.now()})}}));
  }

  /// Requests of one look after `later`.
  int requests_of_look(Watched& watched, Duration later = 15s) {
    scene.clock.advance(later);
    const int before = playground.sandbox().api_requests();
    watched.refresh(5min);
    return playground.sandbox().api_requests() - before;
  }
  /// A new template, and with it another ReplicaSet.
  void restart() {
    auto kube = playground.client(scene.clock);
    kube.merge_patch(kube::kDeployments, "myapp",
                     parse_json(R"({"spec": {"template": {"metadata": {"annotations": {"again": "1"}}}}})", "patch"));
    playground.await_rollout("myapp");
  }

  test::Playground playground;
  test::EnvScene scene{"kubernetes: {service: myapp}\nmetrics: {prometheus: \"http://127.0.0.1:1\"}\n"};
};

TEST_F(WatchedTest, AnIdleLookAsksForTheServiceAndTheLeaseAlone) {
  Watched watched(scene.env);
  EXPECT_EQ(watched.scope.pods.size(), 1U);
  EXPECT_EQ(requests_of_look(watched), 2);
  EXPECT_EQ(requests_of_look(watched), 2);
}

TEST_F(WatchedTest, PodsAreReadAgainInTheirRhythm) {
  Watched watched(scene.env);
  restart();
  EXPECT_EQ(requests_of_look(watched, 5min - 1ms), 2);
  EXPECT_EQ(watched.scope.pods.size(), 1U);
  EXPECT_GT(requests_of_look(watched, 1ms), 2);
  EXPECT_EQ(watched.scope.pods.size(), 2U);
  EXPECT_EQ(requests_of_look(watched), 2);
}

TEST_F(WatchedTest, PodsAreReadAgainWhenTheServiceWasWritten) {
  Watched watched(scene.env);
  restart();
  auto kube = playground.client(scene.clock);
  kube.merge_patch(kube::kServices, "myapp",
                   Json::object({{"metadata", Json::object({{"annotations", Json::object({{"who", "me"}})}})}}));
  EXPECT_GT(requests_of_look(watched), 2);
  EXPECT_EQ(watched.scope.pods.size(), 2U);
  EXPECT_EQ(requests_of_look(watched), 2);
}

}  // namespace
}  // namespace baton::watch
