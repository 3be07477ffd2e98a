// More Services that move as one with the first.
#include "common/rollout/services.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/config/sections/kubernetes.h"
#include "common/rollout/acts.h"
#include "common/rollout/adopt.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/refusals.h"
#include "common/rollout/swap.h"
#include "common/rollout/undo.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

class ServicesTest : public testing::Test {
 protected:
  ServicesTest() {
    ground_.playground.create(
        "{apiVersion: v1, kind: Service, metadata: {name: partners}, spec: {selector: {app: myapp}, ports: [{port: 81, "
        "targetPort: 8080}]}}");
    ground_.config.kubernetes().services = {"partners"};
  }
  Labels of_partners() { return labels_from(ground_.kube.get(kube::kServices, "partners")["spec"]["selector"]); }
  Labels selecting(const std::string& colour) {
    return colour.empty() ? Labels{{"app", "myapp"}} : Labels{{"app", "myapp"}, {"version", colour}};
  }
  Finding obstacle(const std::string& id) {
    const auto found = look_for_obstacles(context_, find_live(context_));
    return *std::ranges::find(found, id, &Finding::id);
  }

  Ground ground_;
  Context context_ = ground_.context();
};

TEST_F(ServicesTest, MoveThereAndBackWithTheFirst) {
  EXPECT_EQ(obstacle("one-service").outcome, Outcome::pass);
  EXPECT_EQ(obstacle("services-can-move").outcome, Outcome::pass);
  const auto move = ground_.release("v1.6.0");
  EXPECT_EQ(of_partners(), selecting("green"));
  require_moved(context_, move);
  ground_.config.kubernetes().services.clear();  // a rollback knows them from the record
  const auto done = undo(context_, move, "5 % of requests failed", "test", ground_.folder.path());
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(of_partners(), selecting("blue"));
  EXPECT_EQ(std::ranges::count(done.findings, "rollback-endpoints", &Finding::id), 2);
}

TEST_F(ServicesTest, AreAsTheyWereWhereNoTrafficMoved) {
  auto lease = Lease::acquire(context_, Claim::wait);
  auto move = plan_move(context_, find_live(context_), "v1.6.0", "sha256:" + std::string(64, 'a'));
  perform(adoption(), {.context = context_, .lease = lease, .move = move});
  EXPECT_EQ(of_partners(), selecting("blue")) << "the next colour is up before it is tried";
  abandon(context_, lease, move);
  EXPECT_EQ(of_partners(), selecting(""));
}

TEST_F(ServicesTest, OneThatMayNotMoveKeepsTheTrafficWhereItIs) {
  auto first = ground_.release("v1.6.0", "id-1");
  auto next = ground_.context("id-2");
  auto lease = Lease::acquire(next, Claim::wait);
  auto move = plan_move(next, find_live(next), "v1.7.0", "sha256:" + std::string(64, 'b'));
  ground_.playground.sandbox().access().set_policy("frozen", "Service", R"("port":81)");
  move.phase = Phase::switching;
  EXPECT_TRUE(test::says(
      test::error_of([&] { move_selector(next, lease, move.selector_before, move.selector_after, move); }).what(),
      "frozen"));
  EXPECT_EQ(ground_.selector(), selecting("green"));
}

TEST_F(ServicesTest, OneThatWentOverAloneComesBack) {
  ground_.release("v1.6.0", "id-1");
  auto next = ground_.context("id-2");
  auto lease = Lease::acquire(next, Claim::wait);
  auto move = plan_move(next, find_live(next), "v1.7.0", "sha256:" + std::string(64, 'b'));
  point_services(next, lease, move, move.colour);  // of a run that was killed between the two
  abandon(next, lease, move);
  EXPECT_EQ(of_partners(), selecting("green"));
}

TEST_F(ServicesTest, OneThatSomebodyElseMovedIsSaid) {
  const auto move = ground_.release("v1.6.0");
  ground_.kube.merge_patch(kube::kServices, "partners",
                           parse_json(R"({"spec":{"selector":{"version":"blue"}}})", "test"));
  EXPECT_TRUE(test::says(test::refusal(ExitCode::handoff, [&] { require_moved(context_, move); }),
                         "service 'partners' no longer selects 'green' alone"));
}

TEST_F(ServicesTest, OneThatIsGoneHasNoUsers) {
  const auto move = ground_.release("v1.6.0");
  ground_.kube.remove(kube::kServices, "partners");
  require_moved(context_, move);
  EXPECT_EQ(undo(context_, move, "test", "test", ground_.folder.path()).verdict, Verdict::rolled_back);
}

TEST_F(ServicesTest, WhatCannotMoveIsSaidBeforeAnything) {
  ground_.config.kubernetes().services = {"gone"};
  EXPECT_TRUE(
      test::says(obstacle("services-can-move").message, "'gone', which kubernetes.services names, is not there"));
  ground_.playground.create(
      "{apiVersion: v1, kind: Service, metadata: {name: others}, spec: {selector: {app: other}, ports: [{port: 80}]}}");
  ground_.config.kubernetes().services = {"others"};
  EXPECT_TRUE(test::says(obstacle("services-can-move").message, "does not select the pods that serve"));
  ground_.playground.create(
      "{apiVersion: v1, kind: Service, metadata: {name: bare}, spec: {clusterIP: None, selector: {app: myapp}}}");
  ground_.config.kubernetes().services = {"bare"};
  EXPECT_TRUE(
      test::says(obstacle("services-can-move").message, "'bare', which kubernetes.services names, is headless"));
  EXPECT_EQ(obstacle("one-service").outcome, Outcome::fail) << "partners is not listed any more";
}

TEST_F(ServicesTest, AreInTheLinesThatAPersonTypes) {
  const auto move = ground_.release("v1.6.0");
  const auto lines = by_hand(context_, move);
  EXPECT_TRUE(std::ranges::any_of(lines, [](const std::string& line) {
    return line.find(R"(patch service partners -p '{"spec":{"selector":{"version":"blue"}}}')") != std::string::npos;
  }));
}

}  // namespace
}  // namespace baton::rollout
