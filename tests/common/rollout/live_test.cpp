// Who serves, and what is refused before the first write; against a playground.
#include "common/rollout/live.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/adopt.h"
#include "common/rollout/refusals.h"
#include "common/rollout/workload.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

const Finding& finding(const std::vector<Finding>& findings, std::string_view id) {
  return *std::ranges::find(findings, id, &Finding::id);
}

ExitCode refusal_of(Ground& ground) {
  auto context = ground.context();
  return test::error_of([&] { return find_live(context); }).code();
}

TEST(LiveTest, FollowsTheSelectorToTheOneDeployment) {
  Ground ground;
  auto context = ground.context();
  const auto live = find_live(context);
  EXPECT_EQ(name_of(live.deployment), "myapp");
  EXPECT_EQ(live.colour, "");
  EXPECT_EQ(live.next, "green");
  EXPECT_EQ(live.pods.size(), 2U);
  EXPECT_FALSE(live.hash.empty());
  EXPECT_EQ(live_description(context), "myapp@" + ground.playground.image() + ":v1.5.0");
}

TEST(LiveTest, KnowsAnImageBehindASidecarWithoutAConfiguration) {
  const auto deployment = parse_json(
      R"({"spec":{"template":{"spec":{"containers":[{"name":"proxy","image":"proxy:v9"},{"name":"shop","image":"r/shop:v1"}]}}}})",
      "test");
  EXPECT_TRUE(has_image(deployment, "r/shop:v1"));
  EXPECT_FALSE(has_image(deployment, "r/shop:v2"));
  EXPECT_EQ(container_of(deployment, Config{}, "r/shop")["name"].string(), "shop");
  EXPECT_EQ(container_of(deployment, Config{}, "")["name"].string(), "proxy");
}

TEST(LiveTest, PlansToLabelWhatNeverKnewColours) {
  Ground ground;
  auto context = ground.context();
  const auto live = find_live(context);
  const auto move = plan_move(context, live, "v1.6.0", "sha256:a");
  EXPECT_TRUE(move.adopted);
  EXPECT_EQ(move.selector_original, (Labels{{"app", "myapp"}}));
  EXPECT_TRUE(move.labels);
  EXPECT_EQ(move.previous_colour, "blue");
  EXPECT_EQ(move.selector_before, (Labels{{"app", "myapp"}, {"version", "blue"}}));
  EXPECT_EQ(move.selector_after, (Labels{{"app", "myapp"}, {"version", "green"}}));
}

TEST(LiveTest, TakesTheOtherColourWhereThePodsAlreadyCarryTheNextOnesLabel) {
  Ground ground;
  auto context = ground.context();
  auto pods = ground.kube.list(kube::kPods);
  for (const auto& pod : pods)
    ground.kube.merge_patch(kube::kPods, name_of(pod),
                            parse_json(R"({"metadata":{"labels":{"version":"green"}}})", "test"));
  EXPECT_EQ(find_live(context).next, "blue");
}

TEST(LiveTest, ALabelThatMeansAnotherThingIsLeftAlone) {
  Ground ground;
  auto context = ground.context();
  ground.kube.merge_patch(kube::kDeployments, "myapp",
                          parse_json(R"({"spec":{"template":{"metadata":{"labels":{"version":"v1.5.0"}}}}})", "test"));
  ground.playground.await_rollout("myapp");
  const auto move = plan_move(context, find_live(context), "v1.6.0", "sha256:a");
  EXPECT_EQ(move.selector_before, (Labels{{"app", "myapp"}, {"colour", "blue"}}));
  EXPECT_EQ(move.selector_after, (Labels{{"app", "myapp"}, {"colour", "green"}}));
}

TEST(LiveTest, ALabelThatThePodsWearAlreadyIsNotTakenFromThem) {
  Ground ground;
  auto context = ground.context();
  ground.kube.merge_patch(kube::kDeployments, "myapp",
                          parse_json(R"({"spec":{"template":{"metadata":{"labels":{"version":"green"}}}}})", "test"));
  ground.playground.await_rollout("myapp");
  const auto move = plan_move(context, find_live(context), "v1.6.0", "sha256:a");
  EXPECT_FALSE(move.labels);
  EXPECT_EQ(move.selector_before, (Labels{{"app", "myapp"}, {"version", "green"}}));
  EXPECT_EQ(move.colour, "blue");
}

TEST(LiveTest, RefusesServicesWhoseSelectorDecidesNothing) {
  Ground ground;
  ground.patch_service(R"({"spec":{"selector":{"app":"nobody"}}})");
  EXPECT_EQ(refusal_of(ground), ExitCode::stop);
  ground.patch_service(R"({"spec":{"selector":null}})");
  EXPECT_EQ(refusal_of(ground), ExitCode::stop);
}

// A rolling update leaves the Service alone: who serves is told all the same.
TEST(LiveTest, AHeadlessServiceIsFollowedAndFitsARollingUpdateAlone) {
  Ground ground;
  ground.playground.create(
      "{apiVersion: v1, kind: Service, metadata: {name: bare}, spec: {clusterIP: None, selector: {app: myapp}, ports: "
      "[{port: 8080}]}}");
  ground.config.kubernetes().service = "bare";
  auto context = ground.context();
  const auto live = find_live(context);
  EXPECT_EQ(name_of(live.deployment), "myapp");
  for (const auto* strategy : {"blue-green", "canary"}) {
    ground.config.rollout().strategy = strategy;
    EXPECT_TRUE(test::says(test::error_of([&] { require_fitting(context, live); }).what(), "'bare' is headless"));
  }
  ground.config.rollout().strategy = "rolling";
  require_fitting(context, live);
}

TEST(LiveTest, AStatefulSetAndADaemonSetServeAndFitARollingUpdateAlone) {
  for (const auto* kind : {"StatefulSet", "DaemonSet"}) {
    Ground ground({.kind = kind});
    auto context = ground.context();
    const auto live = find_live(context);
    EXPECT_EQ(kind_of(live.deployment), kind);
    EXPECT_EQ(live.pods.size(), 2U);
    EXPECT_EQ(live_description(context), "myapp@" + image_of(live.deployment, ground.config));
    const auto refusal = test::error_of([&] { require_fitting(context, live); });
    EXPECT_EQ(refusal.code(), ExitCode::stop);
    EXPECT_TRUE(test::says(refusal.what(), std::string(kind) + " 'myapp' serves"));
    EXPECT_TRUE(test::says(refusal.hint(), "switch.strategy: rolling"));
    ground.config.rollout().strategy = "rolling";
    require_fitting(context, live);
  }
}

TEST(LiveTest, AServiceThatIsNotThereIsAConfigurationError) {
  Ground ground;
  ground.config.kubernetes().service = "elsewhere";
  EXPECT_EQ(refusal_of(ground), ExitCode::usage);
}

TEST(LiveTest, RefusesPodsOfTwoDeploymentsUnderOneSelector) {
  Ground ground;
  ground.playground.set_fault("v1.4.0");
  ground.playground.create(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: other}
spec:
  replicas: 1
  selector: {matchLabels: {app: myapp, other: "yes"}}
  template:
    metadata: {labels: {app: myapp, other: "yes"}}
    spec: {containers: [{name: myapp, image: "{{registry}}/myapp:v1.4.0", ports: [{name: http, containerPort: 8080}]}]}
)");
  ground.playground.await_rollout("other");
  EXPECT_EQ(refusal_of(ground), ExitCode::stop);
}

TEST(ObstacleTest, AnOrdinaryServiceHasNone) {
  Ground ground;
  auto context = ground.context();
  const auto found = look_for_obstacles(context, find_live(context));
  EXPECT_TRUE(std::ranges::all_of(found, [](const Finding& one) { return one.outcome == Outcome::pass; }));
}

TEST(ObstacleTest, NamesTheControllerThatReconcilesTheService) {
  Ground ground;
  ground.patch_service(R"({"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop"}}})");
  auto context = ground.context();
  const auto found = finding(look_for_obstacles(context, find_live(context)), "not-reconciled");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.observed.text(), "Argo CD");
}

TEST(ObstacleTest, WhatIsForcedIsAWarning) {
  Ground ground;
  ground.patch_service(R"({"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop"}}})");
  ground.config.rollout().refuses_gitops = false;
  auto context = ground.context();
  const auto found = look_for_obstacles(context, find_live(context));
  EXPECT_EQ(finding(found, "not-reconciled").outcome, Outcome::pass);
  EXPECT_EQ(finding(found, "not-forced").outcome, Outcome::warn);
}

class RoomTest : public testing::Test {
 protected:
  Finding room(const std::string& hard, const std::string& used, const std::string& more = "") {
    ground_.playground.create("{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {" + more +
                              "}, status: {hard: {" + hard + "}, used: {" + used + "}}}");
    auto context = ground_.context();
    return finding(look_for_obstacles(context, find_live(context)), "room-for-both");
  }
  Ground ground_;
};

TEST_F(RoomTest, PodsThatJustFitDo) { EXPECT_EQ(room("pods: '4'", "pods: '2'").outcome, Outcome::pass); }

TEST_F(RoomTest, OnePodTooManyIsSaidBeforeAnything) {
  const auto found = room("pods: '3'", "pods: '2'");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message,
            "quota 'q' has no room for both colours: 2 of 3 pods are used, and the next colour's 2 pods need 1 each");
}

TEST_F(RoomTest, WhatIsAskedForIsAddedUp) {
  ground_.kube.merge_patch(
      kube::kDeployments, "myapp",
      parse_json(
          R"({"spec":{"template":{"spec":{"containers":[{"name":"myapp","image":")" + ground_.playground.image() +
              R"(:v1.5.0","ports":[{"name":"http","containerPort":8080}],"resources":{"requests":{"cpu":"250m"}}}],)"
              R"("initContainers":[{"name":"i","image":"x","restartPolicy":"Always",)"
              R"("resources":{"requests":{"cpu":"50m"}}}]}}}})",
          "test"));
  ground_.playground.await_rollout("myapp");
  const auto found = room("cpu: '1'", "cpu: 500m");
  EXPECT_EQ(found.outcome, Outcome::fail) << "600m more";
  EXPECT_TRUE(test::says(found.message, "500m of 1 cpu are used, and the next colour's 2 pods need 0.3 each"));
}

TEST_F(RoomTest, AQuotaOfSomePodsOnlySaysNothing) {
  EXPECT_EQ(room("pods: '1'", "pods: '1'", "scopes: [BestEffort]").outcome, Outcome::pass);
}

TEST_F(RoomTest, QuotasThatMayNotBeReadAreNoRoom) {
  ground_.playground.sandbox().access().deny("list resourcequotas");
  auto context = ground_.context();
  const auto found = look_for_obstacles(context, find_live(context));
  EXPECT_EQ(finding(found, "quotas-read").outcome, Outcome::warn);
}

TEST(ObstacleTest, WarnsOfHelm) {
  Ground ground;
  ground.patch_service(R"({"metadata":{"labels":{"app.kubernetes.io/managed-by":"Helm"}}})");
  auto context = ground.context();
  EXPECT_EQ(finding(look_for_obstacles(context, find_live(context)), "not-helm").outcome, Outcome::warn);
}

TEST(ObstacleTest, ADeploymentOfTheNextColoursNameThatSelectsOthersIsInTheWay) {
  Ground ground;
  ground.playground.create(
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: myapp-green}, spec: {replicas: 0, selector: "
      "{matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: i}]}}}}");
  auto context = ground.context();
  EXPECT_EQ(finding(look_for_obstacles(context, find_live(context)), "colour-is-free").outcome, Outcome::fail);
}

}  // namespace
}  // namespace baton::rollout
