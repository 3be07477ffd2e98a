// Autoscalers and disruption budgets go with the traffic, there and back; what cannot follow is said before any write.
#include <gtest/gtest.h>

#include <algorithm>

#include "common/rollout/acts.h"
#include "common/rollout/adopt.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/budgets.h"
#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/refusals.h"
#include "common/rollout/undo.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAutoscaler = R"({apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h},
  spec: {minReplicas: 1, maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp},
         behavior: {scaleDown: {stabilizationWindowSeconds: 0}}}})";
constexpr const char* kBudget = R"({apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b},
  spec: {minAvailable: 1, selector: {matchLabels: {app: myapp}}}})";

class FollowersTest : public testing::Test {
 protected:
  Json autoscaler() { return ground_.kube.get(kube::kAutoscalers, "h"); }
  Labels guarded() {
    return labels_from(ground_.kube.get(kube::kDisruptionBudgets, "b")["spec"]["selector"]["matchLabels"]);
  }
  std::string aim() { return autoscaler()["spec"]["scaleTargetRef"]["name"].string(); }
  bool is_held() {
    return autoscaler()["spec"]["behavior"]["scaleDown"]["selectPolicy"] == Json("Disabled") &&
           autoscaler()["metadata"]["annotations"].find(kBehaviorAnnotation) != nullptr;
  }
  Move plan(const std::string& version = "v1.6.0") {
    return plan_move(context_, find_live(context_), version, "sha256:" + std::string(64, 'a'));
  }
  bool is_scaling() {
    const auto status = autoscaler()["status"];
    for (const auto& condition : status["conditions"].items_or_none()) {
      if (condition["type"] == Json("ScalingActive")) return condition["status"] == Json("True");
    }
    return false;
  }
  void await_scaling(bool is_so) {
    for (int left = 100; left > 0 && is_scaling() != is_so; --left) ground_.clock.sleep_for(20ms, {});
  }
  /// By a clock that waits for nobody.
  std::vector<Finding> settle(const Move& move, const std::string& deployment) {
    const auto begun = ground_.clock.now();
    ManualClock clock(begun);
    Context waiting{.kube = ground_.kube,
                    .config = ground_.config,
                    .clock = clock,
                    .http = ground_.http,
                    .stop = {},
                    .app = "myapp",
                    .id = "id-1",
                    .say = {}};
    auto found = await_autoscalers(waiting, move, deployment, clock.now());
    waited_ = std::chrono::duration_cast<Duration>(clock.now() - begun);
    return found;
  }
  Finding obstacle(const std::string& id) {
    const auto found = look_for_obstacles(context_, find_live(context_));
    return *std::ranges::find(found, id, &Finding::id);
  }
  void patch(const kube::Resource& resource, const std::string& name, const std::string& merge) {
    ground_.kube.merge_patch(resource, name, parse_json(merge, "test"));
  }

  Ground ground_;
  Context context_ = ground_.context();
  Duration waited_{0};
};

TEST_F(FollowersTest, AreNoObstacle) {
  ground_.playground.create(kAutoscaler);
  ground_.playground.create(kBudget);
  for (const auto* id : {"autoscaler-can-follow", "budget-can-follow", "budget-is-own"})
    EXPECT_EQ(obstacle(id).outcome, Outcome::pass) << obstacle(id).message;
}

TEST_F(FollowersTest, WhileTwoColoursStandTheLiveOneIsGuardedAloneAndNothingShrinks) {
  ground_.playground.create(kAutoscaler);
  ground_.playground.create(kBudget);
  auto lease = Lease::acquire(context_, Claim::wait);
  auto move = plan();
  const Acting acting{.context = context_, .lease = lease, .move = move};
  perform(adoption(), acting);
  EXPECT_EQ(guarded(), (Labels{{"app", "myapp"}, {"version", "blue"}}));
  EXPECT_TRUE(is_held());
  EXPECT_EQ(aim(), "myapp");
  perform(adoption(), acting);
  EXPECT_EQ(autoscaler()["metadata"]["annotations"][kBehaviorAnnotation].string(),
            R"({"scaleDown":{"stabilizationWindowSeconds":0}})")
      << "done twice, it still is the owner's that is kept";
  abandon(context_, lease, move);
  EXPECT_EQ(guarded(), (Labels{{"app", "myapp"}}));
  EXPECT_FALSE(is_held());
  EXPECT_EQ(to_text(autoscaler()["spec"]["behavior"]), R"({"scaleDown":{"stabilizationWindowSeconds":0}})");
  EXPECT_EQ(autoscaler()["metadata"]["annotations"].find(kBehaviorAnnotation), nullptr);
}

TEST_F(FollowersTest, GoToTheNewColourAndBackWithARollback) {
  auto move = ground_.release("v1.6.0");
  ground_.playground.create(kAutoscaler);
  ground_.playground.create(kBudget);
  {
    auto lease = Lease::acquire(context_, Claim::wait);
    EXPECT_TRUE(perform_each(following(), {.context = context_, .lease = lease, .move = move}).empty());
    EXPECT_EQ(aim(), "myapp-green");
    EXPECT_TRUE(is_held()) << "the new one's load is not measured yet";
    EXPECT_EQ(guarded(), (Labels{{"app", "myapp"}, {"version", "green"}}));
    const auto settled = settle(move, move.deployment);
    ASSERT_EQ(settled.size(), 1U);
    EXPECT_EQ(settled.front().outcome, Outcome::pass) << settled.front().message;
    release_scale_down(context_, lease, move);
    EXPECT_FALSE(is_held());
  }
  const auto done = undo(context_, move, "5 % of requests failed", "test", ground_.folder.path());
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(aim(), "myapp");
  EXPECT_EQ(guarded(), (Labels{{"app", "myapp"}, {"version", "blue"}}));
  EXPECT_TRUE(is_held()) << "what serves again is not shrunk by the minutes in which it did not";
  std::stop_source stopped;
  stopped.request_stop();
  context_.stop = stopped.get_token();
  const auto left = release_after(context_, move, ground_.clock.now());
  ASSERT_EQ(left.size(), 1U) << "a rollback that is over is not undone by a signal";
  EXPECT_TRUE(test::says(left.front().message, "scale-down may still be held"));
  EXPECT_TRUE(is_held());
  context_.stop = {};
  EXPECT_EQ(release_after(context_, move, ground_.clock.now() - 1min).front().outcome, Outcome::pass);
  EXPECT_FALSE(is_held());
  EXPECT_EQ(ground_.deployment("myapp")["spec"]["replicas"].integer(), 2);
}

TEST_F(FollowersTest, WhatItsOwnerSetMeanwhileStays) {
  ground_.playground.create(kAutoscaler);
  auto lease = Lease::acquire(context_, Claim::wait);
  auto move = plan();
  hold_scale_down(context_, lease, move);
  patch(kube::kAutoscalers, "h", R"({"spec":{"behavior":{"scaleDown":{"selectPolicy":"Min"}}}})");
  release_scale_down(context_, lease, move);
  EXPECT_EQ(autoscaler()["spec"]["behavior"]["scaleDown"]["selectPolicy"].string(), "Min");
  EXPECT_EQ(autoscaler()["metadata"]["annotations"].find(kBehaviorAnnotation), nullptr);
}

TEST_F(FollowersTest, ABehaviorThatNobodyGaveIsNoneAgain) {
  ground_.playground.create(kAutoscaler);
  patch(kube::kAutoscalers, "h", R"({"spec":{"behavior":null}})");
  auto lease = Lease::acquire(context_, Claim::wait);
  auto move = plan();
  hold_scale_down(context_, lease, move);
  EXPECT_TRUE(is_held());
  release_scale_down(context_, lease, move);
  EXPECT_EQ(autoscaler()["spec"].find("behavior"), nullptr);
}

TEST_F(FollowersTest, IsReleasedOneOfItsWindowsAfterTheTraffic) {
  auto move = ground_.release("v1.6.0");
  ground_.playground.create(kAutoscaler);
  auto lease = Lease::acquire(context_, Claim::wait);
  for (const auto& [window, held] : {std::pair{"0", 30s}, {"31", 31s}, {"null", 300s}}) {
    patch(kube::kAutoscalers, "h",
          std::string(R"({"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":)") + window + "}}}}");
    aim_autoscalers(context_, lease, move, move.deployment);
    await_scaling(true);
    EXPECT_EQ(settle(move, move.deployment).front().outcome, Outcome::pass);
    EXPECT_EQ(waited_, held) << window;
    release_scale_down(context_, lease, move);
  }
  EXPECT_TRUE(settle(move, move.deployment).empty()) << "released: nobody waits for it";
}

TEST_F(FollowersTest, OneThatDoesNotScaleIsNamedWithItsOwnWords) {
  auto move = ground_.release("v1.6.0");
  ground_.playground.create(kAutoscaler);
  auto lease = Lease::acquire(context_, Claim::wait);
  aim_autoscalers(context_, lease, move, move.deployment);
  ground_.playground.scale(move.deployment, 0);
  await_scaling(false);
  const auto found = settle(move, move.deployment);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().outcome, Outcome::warn);
  EXPECT_TRUE(test::says(found.front().message, "'h' does not size 'myapp-green': ScalingDisabled"))
      << found.front().message;
}

TEST_F(FollowersTest, ARightThatIsMissingWarnsAndTheOthersFollow) {
  auto move = ground_.release("v1.6.0");
  ground_.playground.create(kAutoscaler);
  ground_.playground.create(kBudget);
  ground_.playground.sandbox().access().deny("patch poddisruptionbudgets");
  auto lease = Lease::acquire(context_, Claim::wait);
  const auto failed = perform_each(following(), {.context = context_, .lease = lease, .move = move});
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed.front().outcome, Outcome::warn);
  EXPECT_TRUE(test::says(failed.front().message, "could not narrow the disruption budget to the colour that serves"));
  EXPECT_EQ(aim(), "myapp-green");
}

TEST_F(FollowersTest, AnAutoscalerThatAnotherControllerKeepsIsRefused) {
  ground_.playground.create(kAutoscaler);
  patch(kube::kAutoscalers, "h",
        R"({"metadata":{"ownerReferences":[{"apiVersion":"keda.sh/v1alpha1","kind":"ScaledObject","name":"shop",)"
        R"("uid":"1","controller":true}]}})");
  const auto found = obstacle("autoscaler-can-follow");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_TRUE(test::says(found.message, "'h' is kept by ScaledObject 'shop'"));
}

TEST_F(FollowersTest, TwoAutoscalersOfBothColoursAreRefused) {
  ground_.playground.create(kAutoscaler);
  std::string second = kAutoscaler;
  second.replace(second.find("name: h"), 7, "name: i");
  second.replace(second.find("name: myapp"), 11, "name: myapp-green");
  ground_.playground.create(second);
  EXPECT_TRUE(test::says(obstacle("autoscaler-can-follow").message, "'h' and 'i' size the same pods"));
}

TEST_F(FollowersTest, AVerticalAutoscalerThatEvictsWarns) {
  ground_.playground.create(R"({apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {name: v},
    spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp}, updatePolicy: {updateMode: Recreate}}})");
  EXPECT_EQ(obstacle("not-resized").outcome, Outcome::warn);
  EXPECT_TRUE(test::says(obstacle("not-resized").message, "'v' may evict pods of 'myapp' at any time"));
  patch(kube::kVerticalAutoscalers, "v", R"({"spec":{"updatePolicy":{"updateMode":"Initial"}}})");
  EXPECT_EQ(obstacle("not-resized").outcome, Outcome::pass);
}

TEST_F(FollowersTest, ABudgetOfOtherPodsTooStaysAndWarns) {
  ground_.playground.create(R"({apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b},
    spec: {minAvailable: 1, selector: {}}})");
  ground_.playground.create(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: other}
spec:
  replicas: 1
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: other}}
    spec: {containers: [{name: c, image: "{{registry}}/myapp:v1.5.0", ports: [{name: http, containerPort: 8080}]}]}
)");
  ground_.playground.await_rollout("other");
  EXPECT_EQ(obstacle("budget-is-own").outcome, Outcome::warn);
  auto lease = Lease::acquire(context_, Claim::wait);
  auto move = plan();
  perform(adoption(), {.context = context_, .lease = lease, .move = move});
  EXPECT_TRUE(guarded().empty());
}

TEST_F(FollowersTest, OneBudgetForEachColourIsAsItShouldBe) {
  ground_.release("v1.6.0");
  for (const auto* colour : {"blue", "green"})
    ground_.playground.create(
        std::string("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: ") + colour +
        "}, spec: {minAvailable: 1, selector: {matchLabels: {app: myapp, version: " + colour + "}}}}");
  const auto budgets = budgets_of(context_, colours_of(find_live(context_)));
  EXPECT_TRUE(budgets.following.empty() && budgets.unclear.empty() && budgets.shared.empty());
  ground_.playground.create(kBudget);
  EXPECT_EQ(obstacle("budget-can-follow").outcome, Outcome::fail) << "an eviction is an error where two guard a pod";
}

TEST_F(FollowersTest, ABudgetOfAnotherAppIsNone) {
  ground_.playground.create(
      "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b}, spec: {minAvailable: 1, "
      "selector: {matchLabels: {app: other}}}}");
  const auto budgets = budgets_of(context_, colours_of(find_live(context_)));
  EXPECT_TRUE(budgets.following.empty() && budgets.unclear.empty() && budgets.shared.empty());
}

}  // namespace
}  // namespace baton::rollout
