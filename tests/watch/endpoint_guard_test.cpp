// Whether anybody serves, asked of the playground.
#include "tools/watch/endpoint_guard.h"

#include <gtest/gtest.h>

#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;
using State = EndpointGuard::State;

class EndpointGuardTest : public testing::Test {
 protected:
  EndpointGuardTest() {
    scene.loaded.values.run().standalone = true;
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    scene.add_step(
        "precheck", Verdict::proceed,
        Json::object(
            {{"baseline", judge::to_json(judge::Baseline{.from = scene.clock.now(), .to = scene.clock.now()})}}));
  }

  void patch(const char* deployment, Json change) {
    auto kube = playground.client(scene.clock);
    kube.merge_patch(kube::kDeployments, deployment, std::move(change));
  }
  void scale(const char* deployment, int replicas) {
    patch(deployment, Json::object({{"spec", Json::object({{"replicas", replicas}})}}));
    playground.await_rollout(deployment);
  }
  /// Waits until the slices follow.
  State seen(Watched& watched) {
    for (int left = 50; left > 0 && EndpointGuard(watched).look() == State::served; --left)
      SystemClock().sleep_for(100ms, {});
    return EndpointGuard(watched).look();
  }

  test::Playground playground;
  test::EnvScene scene{"kubernetes: {service: myapp}\nmetrics: {prometheus: \"http://127.0.0.1:1\"}\n"};
};

TEST_F(EndpointGuardTest, ServedWhileAPodIsReady) {
  Watched watched(scene.env);
  EXPECT_EQ(EndpointGuard(watched).look(), State::served);
  scale("myapp", 1);
  EXPECT_EQ(EndpointGuard(watched).look(), State::served);
}

TEST_F(EndpointGuardTest, LostWhenItIsScaledAway) {
  Watched watched(scene.env);
  scale("myapp", 0);
  EXPECT_EQ(seen(watched), State::lost);
}

TEST_F(EndpointGuardTest, LostWhenTheDeploymentIsDeleted) {
  Watched watched(scene.env);
  playground.client(scene.clock).remove(kube::kDeployments, "myapp");
  EXPECT_EQ(seen(watched), State::lost);
}

TEST_F(EndpointGuardTest, AWayBackThatWasScaledAwayOnPurposeDoesNotSuffer) {
  Watched watched(scene.env);
  watched.move.previous_deployment = "myapp";  // 0 of 0: nobody took its pods
  scale("myapp", 0);
  EXPECT_EQ(seen(watched), State::lost);
}

TEST_F(EndpointGuardTest, HeldWhereTheWayBackLostItsPodsToo) {
  Watched watched(scene.env);
  playground.create(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: old}\nspec:\n  replicas: 1\n"
      "  selector: {matchLabels: {app: old}}\n  template:\n    metadata: {labels: {app: old}}\n    spec:\n"
      "      containers: [{name: myapp, image: nowhere/none:1}]\n");
  watched.move.previous_deployment = "old";
  scale("myapp", 0);
  EXPECT_EQ(seen(watched), State::lost_both);
}

TEST_F(EndpointGuardTest, RestsForTheWholeStepWhileServed) {
  Watched watched(scene.env);
  const Duration before = scene.clock.monotonic();
  EndpointGuard(watched).rest(15s);
  EXPECT_EQ(scene.clock.monotonic() - before, 15s);
}

TEST_F(EndpointGuardTest, ComesBackWithinFiveSecondsWhenNobodyServes) {
  Watched watched(scene.env);
  scale("myapp", 0);
  ASSERT_EQ(seen(watched), State::lost);
  const Duration before = scene.clock.monotonic();
  EndpointGuard(watched).rest(60s);
  EXPECT_EQ(scene.clock.monotonic() - before, 5s);
}

}  // namespace
}  // namespace baton::watch
