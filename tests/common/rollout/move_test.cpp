// The record of a move, and which of two records holds.
#include "common/rollout/move.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/rollout/control.h"
#include "common/rollout/intent.h"
#include "common/rollout/workload.h"
#include "tests/common/rollout/json_of.h"
#include "tests/support/refusal.h"
#include "tests/support/sample_move.h"

namespace baton::rollout {
namespace {

using test::sample_move;

TEST(MoveTest, SurvivesTheWayThroughJson) {
  const auto text = to_text(to_json(sample_move()));
  const auto back = move_from_json(json(text));
  EXPECT_EQ(to_text(to_json(back)), text);
  EXPECT_EQ(back.phase, Phase::switching);
  EXPECT_EQ(back.patched_at, sample_move().patched_at);
  EXPECT_FALSE(back.proved_at);
  EXPECT_EQ(back.selector_before, sample_move().selector_before);
}

TEST(MoveTest, NamesTheMemberThatIsMissing) {
  auto broken = to_json(sample_move());
  broken.erase("selector_after");
  EXPECT_TRUE(test::says(test::error_of([&] { return move_from_json(broken); }).what(), "selector_after"));
}

TEST(MoveTest, RefusesAPhaseItDoesNotKnow) {
  auto broken = to_json(sample_move());
  broken["phase"] = "teleporting";
  EXPECT_THROW(move_from_json(broken), Error);
}

TEST(MoveTest, RefusesSizesThatNobodyRecorded) {
  auto broken = to_json(sample_move());
  for (const std::int64_t size : {-1L, 100'001L, 1L << 40}) {
    broken["replicas"] = size;
    EXPECT_THROW(move_from_json(broken), Error) << size;
  }
  broken["replicas"] = 0;
  EXPECT_EQ(move_from_json(broken).replicas, 0);
}

TEST(MoveTest, TheOldColoursSizeWithoutAControlIsTheRecordedOne) {
  auto move = sample_move();
  EXPECT_EQ(without_control(move, 4), 4);
  move.control = 3;
  const auto back = move_from_json(to_json(move));
  EXPECT_EQ(without_control(back, 4), 3);
  EXPECT_EQ(without_control(back, 5), 5) << "somebody else scaled it";
}

TEST(MoveTest, ARecordOfAnEarlierVersionHasNoRevision) {
  auto early = to_json(sample_move());
  early.erase("revision");
  EXPECT_EQ(move_from_json(early).revision, 0);
  early["revision"] = -1;
  EXPECT_THROW(move_from_json(early), Error);
}

TEST(MoveTest, WhatIsRolledIsADeploymentUnlessItSaysOtherwise) {
  auto move = sample_move();
  move.rolled = Worker{.name = "myapp", .images = {{"app", "shop:v1"}}};
  const auto early = to_json(move);
  EXPECT_EQ(early["rolled"].find("kind"), nullptr);
  EXPECT_EQ(workloads_of(move_from_json(early)).plural, "deployments");
  move.rolled->kind = "StatefulSet";
  EXPECT_EQ(workloads_of(move_from_json(to_json(move))).plural, "statefulsets");
  EXPECT_EQ(kubectl_name(move), "statefulset/shop-green");
  auto foreign = to_json(move);
  foreign["rolled"]["kind"] = "CloneSet";
  EXPECT_EQ(test::error_of([&] { move_from_json(foreign); }).code(), ExitCode::unknown);
}

TEST(MoveTest, OnlyKeptAndUndoneAreFinished) {
  EXPECT_TRUE(is_unfinished(Phase::adopting));
  EXPECT_TRUE(is_unfinished(Phase::switching));
  EXPECT_FALSE(is_unfinished(Phase::kept));
  EXPECT_TRUE(is_unfinished(Phase::undoing));
  EXPECT_FALSE(is_unfinished(Phase::undone));
}

TEST(FurtherTest, TheLaterRevisionOfTheSameDeploymentHolds) {
  auto undone = sample_move();
  undone.phase = Phase::undone;
  undone.revision = 6;
  auto retried = sample_move();
  retried.phase = Phase::adopting;
  retried.revision = 7;
  EXPECT_EQ(further(undone, retried)->phase, Phase::adopting);
  EXPECT_EQ(further(retried, undone)->phase, Phase::adopting);
}

TEST(FurtherTest, TheLeaseHoldsWhereAnEarlierVersionCountedNothing) {
  auto ahead = sample_move();
  ahead.phase = Phase::undoing;
  EXPECT_EQ(further(sample_move(), ahead)->phase, Phase::undoing) << "it is written first";
}

TEST(FurtherTest, TheLeaseHoldsWhereTheyNameDifferentDeployments) {
  auto next = sample_move();
  next.id = "id-2";
  next.phase = Phase::adopting;
  auto kept = sample_move();
  kept.phase = Phase::kept;
  EXPECT_EQ(further(kept, next)->id, "id-2");
}

TEST(FurtherTest, EitherOneIsEnough) {
  EXPECT_EQ(further(sample_move(), std::nullopt)->id, "id-1");
  EXPECT_EQ(further(std::nullopt, sample_move())->id, "id-1");
  EXPECT_FALSE(further(std::nullopt, std::nullopt));
}

TEST(IntentTest, GuardsTheSelectorPatchByWhatWasRead) {
  const auto service =
      json(R"({"metadata":{"name":"shop","uid":"u1","resourceVersion":"7"},"spec":{"selector":{"app":"shop"}}})");
  const auto patch = selector_patch(service, {{"app", "shop"}, {"version", "green"}}, sample_move());
  const auto& operations = patch.items();
  ASSERT_EQ(operations.size(), 6U);
  EXPECT_EQ(to_text(operations[0]), R"({"op":"test","path":"/metadata/uid","value":"u1"})");
  EXPECT_EQ(to_text(operations[1]), R"({"op":"test","path":"/metadata/resourceVersion","value":"7"})");
  EXPECT_EQ(to_text(operations[2]), R"({"op":"test","path":"/spec/selector","value":{"app":"shop"}})");
  EXPECT_EQ(to_text(operations[3]),
            R"({"op":"replace","path":"/spec/selector","value":{"app":"shop","version":"green"}})");
  EXPECT_EQ(operations[4]["path"].string(), "/metadata/annotations");
  EXPECT_EQ(operations[5]["path"].string(), "/metadata/annotations/baton~1move");
}

TEST(IntentTest, KeepsAnAnnotationMapThatIsThere) {
  const auto service = json(
      R"({"metadata":{"uid":"u1","resourceVersion":"7","annotations":{"a":"b"}},"spec":{"selector":{"app":"shop"}}})");
  const auto patch = selector_patch(service, {{"app", "shop"}}, sample_move());
  for (const auto& operation : patch.items()) {
    EXPECT_NE(operation["path"].string(), "/metadata/annotations");
  }
}

TEST(IntentTest, ReadsBackWhatItWrote) {
  auto service = json(R"({"metadata":{"annotations":{}}})");
  service["metadata"]["annotations"]["baton/move"] = to_text(to_json(sample_move()));
  EXPECT_EQ(move_in(service)->id, "id-1");
}

TEST(IntentTest, AForgottenRecordIsNone) {
  EXPECT_FALSE(move_in(json(R"({"metadata":{"annotations":{"baton/move":""}}})")));
  EXPECT_FALSE(move_in(json(R"({"metadata":{}})")));
}

}  // namespace
}  // namespace baton::rollout
