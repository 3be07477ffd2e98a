// Traffic back where it was, from wherever a rollback begins or was killed.
#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "common/rollout/adopt.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/put_back.h"
#include "common/rollout/recorded_move.h"
#include "common/rollout/swap.h"
#include "common/rollout/wanted.h"
#include "common/rollout/workers.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

using test::says;

constexpr std::string_view kBackToBaton =
    "baton-switch rollback myapp -n production   # does what is left, and proves it";

Undo undo_here(Ground& ground, const Move& move) {
  auto context = ground.context(move.id);
  return undo(context, move, "errors", "a test", ground.folder.path().string());
}

TEST(UndoTest, PutsTrafficBackOntoAnAdoptedDeployment) {
  Ground ground;
  const auto pods = ground.kube.list(kube::kPods);
  const auto move = ground.release("v1.6.0");
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"version", "green"}}));
  const auto done = undo_here(ground, move);
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"version", "blue"}}));
  EXPECT_EQ(replicas_of(ground.deployment("myapp-green")), 0);
  EXPECT_EQ(uids_of(ground.kube.list(kube::kPods)), uids_of(pods)) << "a pod of the old release was restarted";
  EXPECT_FALSE(done.evidence.empty());
  EXPECT_TRUE(fs::exists(ground.folder.path() / "myapp-green-deployment.json"));
}

TEST(UndoTest, ProvesThatTheOldVersionAnswers) {
  Ground ground;
  const auto done = undo_here(ground, ground.release("v1.6.0"));
  EXPECT_NE(done.times.find("proved_ms"), nullptr);
  ASSERT_FALSE(done.findings.empty());
  for (const auto& finding : done.findings) EXPECT_NE(finding.outcome, Outcome::fail) << finding.message;
}

TEST(UndoTest, DoneTwiceChangesNothing) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  undo_here(ground, move);
  const auto before = ground.kube.get(kube::kServices, "myapp")["metadata"]["resourceVersion"];
  EXPECT_EQ(undo_here(ground, move).verdict, Verdict::rolled_back);
  EXPECT_EQ(ground.kube.get(kube::kServices, "myapp")["metadata"]["resourceVersion"], before);
}

TEST(UndoTest, RefusesTheDigestFromThenOn) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  undo_here(ground, move);
  auto context = ground.context();
  EXPECT_EQ(read_lease(context).refused, std::vector<std::string>{move.digest});
}

TEST(UndoTest, ScalesAShrunkColourUpBeforeItGetsTheTraffic) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.playground.scale("myapp", 1);
  ground.playground.await_rollout("myapp");
  const auto done = undo_here(ground, move);
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(replicas_of(ground.deployment("myapp")), 2);
}

TEST(UndoTest, FollowsTheSizeThatTheNewColourGrewTo) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.playground.scale("myapp-green", 3);
  ground.playground.await_rollout("myapp-green");
  EXPECT_EQ(undo_here(ground, move).verdict, Verdict::rolled_back);
  EXPECT_EQ(replicas_of(ground.deployment("myapp")), 3);
}

TEST(UndoTest, FailsAndSaysWhatServesWhenTheOldColourIsAnotherImageByNow) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.kube.merge_patch(
      kube::kDeployments, "myapp",
      parse_json(R"({"spec":{"template":{"spec":{"containers":[{"name":"myapp","image":"other/myapp:v9"}]}}}})",
                 "test"));
  const auto done = undo_here(ground, move);
  EXPECT_EQ(done.verdict, Verdict::rollback_failed);
  EXPECT_TRUE(done.message.starts_with("NOT ROLLED BACK, 'myapp-green' serves ")) << done.message;
  EXPECT_EQ(done.recovery,
            (std::vector<std::string>{
                "kubectl -n production set image deployment/myapp myapp=" + ground.playground.image() + ":v1.5.0",
                "kubectl -n production rollout status deployment/myapp", std::string(kBackToBaton)}));
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"version", "green"}}));
}

TEST(UndoTest, ItsLinesNameTheAppsContainerAlsoWithoutAConfiguration) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  const auto image = ground.playground.image();
  ground.config.image = "";
  ground.kube.merge_patch(
      kube::kDeployments, "myapp",
      parse_json(R"({"spec":{"template":{"spec":{"containers":[{"name":"proxy","image":"other/proxy:v9"},)"
                 R"({"name":"myapp","image":")" +
                     image + R"(:v1.4.0"}]}}}})",
                 "test"));
  auto context = ground.context(move.id);
  EXPECT_EQ(by_hand(context, move).front(),
            "kubectl -n production set image deployment/myapp myapp=" + image + ":v1.5.0");
}

TEST(UndoTest, FailsWhenTheOldColourIsGone) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.kube.remove(kube::kDeployments, "myapp");
  const auto done = undo_here(ground, move);
  EXPECT_EQ(done.verdict, Verdict::rollback_failed);
  ASSERT_EQ(done.recovery.size(), 2U) << "traffic must not be sent to what is gone";
  EXPECT_TRUE(says(done.recovery.front(), "it is gone"));
}

TEST(UndoTest, SaysWhoServesAndWhatToTypeWhereTheServiceMayNotBePatched) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.config.rollout().public_urls = {"https://shop.example/health"};
  ground.playground.sandbox().access().deny("patch services");
  const auto begun = ground.clock.monotonic();
  const auto done = undo_here(ground, move);
  EXPECT_LT(ground.clock.monotonic() - begun, std::chrono::seconds(20)) << "a missing right does not come by waiting";
  EXPECT_EQ(done.verdict, Verdict::rollback_failed);
  EXPECT_TRUE(done.message.starts_with("NOT ROLLED BACK, 'myapp-green' serves ")) << done.message;
  EXPECT_TRUE(says(done.message, "forbidden"));
  EXPECT_EQ(done.recovery, (std::vector<std::string>{
                               "kubectl -n production patch service myapp -p "
                               "'{\"spec\":{\"selector\":{\"version\":\"blue\"}}}'",
                               "kubectl -n production get endpoints myapp   # must be the pods of 'myapp'",
                               "curl -i https://shop.example/health   # must answer 200", std::string(kBackToBaton)}));
}

TEST(UndoTest, ItsLinesBringTheOldColourUpFirst) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.playground.scale("myapp", 0);
  auto context = ground.context(move.id);
  const auto lines = by_hand(context, move);
  ASSERT_GE(lines.size(), 3U);
  EXPECT_EQ(lines[0], "kubectl -n production scale deployment/myapp --replicas=2");
  EXPECT_EQ(lines[1], "kubectl -n production rollout status deployment/myapp");
  EXPECT_TRUE(says(lines[2], "patch service myapp"));
}

TEST(UndoTest, ItsLinesDeleteThePodThatAStatefulSetKeeps) {
  Ground ground({.kind = "StatefulSet"});
  auto context = ground.context();
  ground.config.rollout().strategy = "rolling";
  const auto move = plan_move(context, find_live(context), "v1.6.0", "sha256:abc");
  const auto image = ground.playground.image();
  EXPECT_EQ(
      by_hand(context, move),
      (std::vector<std::string>{"kubectl -n production set image statefulset/myapp myapp=" + image + ":v1.5.0",
                                "kubectl -n production rollout status statefulset/myapp", std::string(kBackToBaton)}));
  auto lease = Lease::acquire(context, Claim::wait);
  give_release(context, lease, move, *move.rolled);  // of an image that no registry has
  const auto has_begun = [&] {
    const auto pod = ground.kube.find(kube::kPods, "myapp-1");
    return pod && !is_terminating(*pod) && runs_image(*pod, pinned_image(ground.config, move.digest));
  };
  for (int left = 200; left > 0 && !has_begun(); --left) ground.clock.sleep_for(std::chrono::milliseconds(50), {});
  EXPECT_EQ(by_hand(context, move).at(1), "kubectl -n production delete pod myapp-1");
}

TEST(UndoTest, EndsFromTheStateThatItsLinesLeadTo) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.playground.sandbox().access().deny("patch services");
  ASSERT_EQ(undo_here(ground, move).verdict, Verdict::rollback_failed);
  ground.playground.sandbox().access().allow("patch services");
  ground.patch_service(R"({"spec":{"selector":{"version":"blue"}}})");
  const auto done = undo_here(ground, move);
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"version", "blue"}}));
}

TEST(UndoTest, AnAdoptionThatTookNoTrafficIsNoStrangersSelector) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.patch_service(R"({"spec":{"selector":{"version":null}}})");
  ASSERT_EQ(ground.selector(), move.selector_original);
  const auto done = undo_here(ground, move);
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(ground.selector(), move.selector_before);
}

TEST(UndoTest, NeverUndoesANewerDeployment) {
  Ground ground;
  const auto first = ground.release("v1.6.0", "id-1");
  ground.release("v1.7.0", "id-2");
  EXPECT_EQ(test::error_of([&] { return undo_here(ground, first); }).code(), ExitCode::handoff);
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"version", "blue"}}));
}

TEST(UndoTest, DoesNotFightWhoeverMovedTheTrafficMeanwhile) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.patch_service(R"({"spec":{"selector":{"version":null,"tier":"maintenance"}}})");
  EXPECT_THROW(undo_here(ground, move), Error);
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"tier", "maintenance"}}));
}

TEST(UndoTest, APersonsRollbackReplacesWhateverIsSelected) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.patch_service(R"({"spec":{"selector":{"tier":"maintenance"}}})");
  auto context = ground.context(move.id);
  context.is_forced = true;
  EXPECT_EQ(undo(context, move, "errors", "jo", ground.folder.path().string()).verdict, Verdict::rolled_back);
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"version", "blue"}}));
}

TEST(UndoTest, LeavesANamesakeOfTheBadColourAlone) {
  Ground ground;
  const auto move = ground.release("v1.6.0");
  ground.kube.merge_patch(kube::kDeployments, "myapp-green",
                          parse_json(R"({"metadata":{"annotations":{"baton/id":"id-7"}}})", "test"));
  undo_here(ground, move);
  EXPECT_EQ(replicas_of(ground.deployment("myapp-green")), 2);
}

TEST(UndoTest, FinishesWhatTheLeaseRecordedEvenWhenTheServiceWasRecreated) {
  Ground ground;
  ground.release("v1.6.0");
  auto service = ground.kube.get(kube::kServices, "myapp");
  ground.kube.remove(kube::kServices, "myapp");
  for (const auto* key : {"uid", "resourceVersion", "creationTimestamp", "managedFields", "annotations"})
    service["metadata"].erase(key);
  service["spec"].erase("clusterIP");
  service["spec"].erase("clusterIPs");
  ground.kube.create(kube::kServices, service);
  auto context = ground.context();
  const auto recorded = recorded_move(context);
  ASSERT_TRUE(recorded);
  EXPECT_EQ(undo_here(ground, *recorded).verdict, Verdict::rolled_back);
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}, {"version", "blue"}}));
}

TEST(SwapTest, ASelectorThatTakesBothInIsSaid) {
  Ground ground;
  auto context = ground.context();
  const auto move = ground.release("v1.6.0");
  require_moved(context, move);
  ground.patch_service(R"({"spec":{"selector":{"version":null}}})");
  const auto error = test::error_of([&] { require_moved(context, move); });
  EXPECT_EQ(error.code(), ExitCode::handoff);
  EXPECT_TRUE(test::says(error.what(), "'myapp' and 'myapp-green' both serve, the new one unjudged"));
  EXPECT_TRUE(test::says(error.hint(), "to go back: baton-switch rollback myapp -n production"));
}

TEST(SwapTest, AMovedSelectorIsNotOverwritten) {
  Ground ground;
  auto context = ground.context();
  auto lease = Lease::acquire(context, Claim::wait);
  Move move{.id = "id-1"};
  const auto error = test::error_of([&] {
    move_selector(context, lease, Labels{{"app", "other"}}, Labels{{"app", "myapp"}, {"version", "green"}}, move);
  });
  EXPECT_EQ(error.code(), ExitCode::handoff) << "a selector nobody expected was overwritten";
  EXPECT_EQ(ground.selector(), (Labels{{"app", "myapp"}}));
}

}  // namespace
}  // namespace baton::rollout
