// Adoption: labelled without a restart, taken up again after a kill, and taken back as it was.
#include "common/rollout/adopt.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/acts.h"
#include "common/rollout/labelling.h"
#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/recorded_move.h"
#include "common/rollout/refusals.h"
#include "common/rollout/swap.h"
#include "common/rollout/undo.h"
#include "common/rollout/wearers.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;
using baton::test::refusal;
using baton::test::says;

const Labels kOriginal{{"app", "myapp"}};
const Labels kBlue{{"app", "myapp"}, {"version", "blue"}};

class AdoptTest : public testing::Test {
 protected:
  Move plan() { return plan_move(context_, find_live(context_), "v1.6.0", "sha256:" + std::string(64, 'a')); }
  Lease lease() { return Lease::acquire(context_, Claim::wait); }
  std::vector<Json> pods(const Labels& labels = kOriginal) {
    return ready_pods(ground_.kube.list(kube::kPods, {.labels = selector_text(labels)}));
  }
  std::set<std::string> uids() { return uids_of(pods()); }
  Json live() { return ground_.deployment("myapp"); }
  void patch_live(const std::string& merge) {
    ground_.kube.merge_patch(kube::kDeployments, "myapp", parse_json(merge, "test"));
  }
  bool eventually(const std::function<bool()>& is_so) {
    for (int left = 200; left > 0; --left) {
      if (is_so()) return true;
      ground_.clock.sleep_for(50ms, {});
    }
    return false;
  }
  /// Neither labels nor a pause, on nothing.
  void expect_as_it_began() {
    EXPECT_EQ(ground_.selector(), kOriginal);
    EXPECT_EQ(live()["spec"].find("paused"), nullptr);
    EXPECT_EQ(live()["metadata"]["annotations"].find(kPausedAnnotation), nullptr);
    EXPECT_EQ(live()["spec"]["template"]["metadata"]["labels"].find("version"), nullptr);
    for (const auto& set : ground_.kube.list(kube::kReplicaSets))
      EXPECT_EQ(set["spec"]["template"]["metadata"]["labels"].find("version"), nullptr) << name_of(set);
    for (const auto& pod : pods()) EXPECT_EQ(pod["metadata"]["labels"].find("version"), nullptr) << name_of(pod);
    EXPECT_EQ(recorded_move(context_), std::nullopt);
  }

  Ground ground_;
  Context context_ = ground_.context();
};

TEST_F(AdoptTest, KeepsThePodsAndEveryLaterOneInTheService) {
  const auto before = uids();
  auto held = lease();
  auto move = plan();
  adopt(context_, held, move);
  EXPECT_EQ(ground_.selector(), kBlue);
  EXPECT_EQ(uids_of(pods(kBlue)), before) << "the same pods, not restarted";
  EXPECT_EQ(live()["spec"].find("paused"), nullptr);
  // Whatever people do to it afterwards.
  patch_live(R"({"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"}}}}})");
  ground_.playground.await_rollout("myapp");
  EXPECT_EQ(pods(kBlue).size(), 2U);
  EXPECT_TRUE(std::ranges::none_of(uids_of(pods(kBlue)), [&](const auto& uid) { return before.contains(uid); }));
  ground_.playground.scale("myapp", 4);
  EXPECT_TRUE(eventually([&] { return pods(kBlue).size() == 4; }));
}

TEST_F(AdoptTest, IsTakenBackAsItBegan) {
  const auto before = uids();
  auto held = lease();
  auto move = plan();
  adopt(context_, held, move);
  abandon(context_, held, move);
  expect_as_it_began();
  EXPECT_EQ(uids(), before);
}

TEST_F(AdoptTest, ARefusedActIsTakenBackAndTheNextRunGoesOn) {
  const auto before = uids();
  for (const auto* right : {"patch pods", "patch replicasets", "patch services"}) {
    auto held = lease();
    auto move = plan();
    ground_.playground.sandbox().access().deny(right);
    EXPECT_TRUE(says(refusal(ExitCode::unknown, [&] { adopt(context_, held, move); }), "forbidden")) << right;
    ground_.playground.sandbox().access().allow(right);
    adopt(context_, held, move);  // of a run that was killed there
    EXPECT_EQ(uids_of(pods(kBlue)), before) << right;
    abandon(context_, held, move);
    expect_as_it_began();
  }
}

TEST_F(AdoptTest, SomebodyElsesPauseIsNotEnded) {
  auto move = plan();
  patch_live(R"({"spec":{"paused":true}})");
  const auto found = look_for_obstacles(context_, find_live(context_));
  EXPECT_EQ(std::ranges::find(found, "not-paused", &Finding::id)->outcome, Outcome::fail);
  auto held = lease();
  EXPECT_TRUE(says(refusal(ExitCode::stop, [&] { adopt(context_, held, move); }), "paused by somebody else"));
  EXPECT_EQ(ground_.selector(), kOriginal);
}

TEST_F(AdoptTest, AnImageThatComesBetweenTheActsIsRolledOutLabelled) {
  ground_.playground.set_fault("v1.5.1");
  auto move = plan();
  auto held = lease();
  // As a run that was killed behind its pause left it.
  patch_live(R"({"metadata":{"annotations":{"baton/paused-by":"id-1"}},"spec":{"paused":true}})");
  const auto image = Json::array({Json::object({{"op", "replace"},
                                                {"path", "/spec/template/spec/containers/0/image"},
                                                {"value", ground_.playground.image() + ":v1.5.1"}})});
  ground_.kube.json_patch(kube::kDeployments, "myapp", image);
  adopt(context_, held, move);
  ground_.playground.await_rollout("myapp");
  const auto serving = pods(kBlue);
  EXPECT_EQ(serving.size(), 2U);
  for (const auto& pod : serving) EXPECT_TRUE(runs_image(pod, ground_.playground.image() + ":v1.5.1"));
}

TEST_F(AdoptTest, AServiceThatAnEarlierVersionNarrowedIsMended) {
  const auto hash = find_live(context_).hash;
  ground_.patch_service(R"({"spec":{"selector":{"pod-template-hash":")" + hash + "\"}}}");
  auto move = plan();
  EXPECT_EQ(move.selector_original, kOriginal);
  auto held = lease();
  adopt(context_, held, move);
  EXPECT_EQ(ground_.selector(), kBlue);
}

TEST_F(AdoptTest, TheAdoptedOneGivesWayWhenItsColourComesRoundAgain) {
  ground_.release("v1.6.0", "id-1");
  ground_.release("v1.7.0", "id-2");
  EXPECT_EQ(ground_.selector(), kBlue);
  EXPECT_EQ(live()["spec"]["replicas"].integer(), 0);
  for (const auto& pod : pods(kBlue)) EXPECT_TRUE(name_of(pod).starts_with("myapp-blue-")) << name_of(pod);
}

TEST_F(AdoptTest, PodsOfADeploymentThatWasDeletedAreNobodysColour) {
  ground_.release("v1.6.0", "id-1");
  ground_.kube.remove(kube::kDeployments, "myapp");
  const auto found = look_for_obstacles(context_, find_live(context_));
  EXPECT_EQ(std::ranges::find(found, "colour-is-nobodys", &Finding::id)->outcome, Outcome::pass);
  ground_.release("v1.7.0", "id-2");
  EXPECT_EQ(pods(kBlue).size(), 2U);
}

TEST_F(AdoptTest, ARollbackLeavesItsColourUnlessTheConfigurationAsksForNothing) {
  const auto move = ground_.release("v1.6.0");
  auto done = undo(context_, move, "5 % of requests failed", "test", ground_.folder.path());
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(ground_.selector(), kBlue);
  EXPECT_EQ(find_live(context_).next, "green");
}

TEST_F(AdoptTest, ARollbackFindsPodsWhoseOwnerTookTheLabelAway) {
  const auto move = ground_.release("v1.6.0");
  patch_live(R"({"spec":{"template":{"metadata":{"labels":{"version":null},"annotations":{"owner":"applied"}}}}})");
  ground_.playground.await_rollout("myapp");
  ASSERT_TRUE(pods(kBlue).empty());
  const auto done = undo(context_, move, "5 % of requests failed", "test", ground_.folder.path());
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(ground_.selector(), kBlue);
  EXPECT_EQ(pods(kBlue).size(), 2U);
}

TEST_F(AdoptTest, ARollbackTakesTheAdoptionBackWhereTheConfigurationAsksForIt) {
  ground_.config.rollout().keeps_adopted = false;
  const auto move = ground_.release("v1.6.0");
  const auto done = undo(context_, move, "5 % of requests failed", "test", ground_.folder.path());
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(ground_.selector(), kOriginal);
  EXPECT_EQ(live()["spec"]["template"]["metadata"]["labels"].find("version"), nullptr);
}

TEST_F(AdoptTest, ARollbackUnpinsWhatAnEarlierVersionPinned) {
  auto move = ground_.release("v1.6.0");
  const auto hash = pods(kBlue).front()["metadata"]["labels"]["pod-template-hash"].string();
  move.selector_before = with(kOriginal, kTemplateHash, hash);
  move.labels = false;
  {
    auto held = lease();
    record_move(context_, held, move);
  }
  const auto done = undo(context_, move, "5 % of requests failed", "test", ground_.folder.path());
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(ground_.selector(), kOriginal);
}

TEST_F(AdoptTest, ContainersThatKeepTheVersionBeforeAreNamed) {
  auto live = find_live(context_);
  auto& containers = live.deployment["spec"]["template"]["spec"]["containers"];
  containers.push_back(Json::object({{"name", "worker"}, {"image", ground_.playground.image() + ":v1.5.0"}}));
  EXPECT_FALSE(obstacle::left_behind(context_, live)) << "all of them get the release";
  ground_.config.kubernetes().container = std::as_const(containers).items().front()["name"].string();
  ASSERT_TRUE(obstacle::left_behind(context_, live));
  EXPECT_EQ(obstacle::left_behind(context_, live)->observed, "worker");
}

TEST_F(AdoptTest, OthersThatWouldSendUsersToTheNextColourAreFoundFirst) {
  const auto outcome = [&](std::string_view id) {
    const auto found = look_for_obstacles(context_, find_live(context_));
    return std::ranges::find(found, id, &Finding::id)->outcome;
  };
  EXPECT_EQ(outcome("one-service"), Outcome::pass);
  EXPECT_EQ(outcome("colour-is-nobodys"), Outcome::pass);
  ground_.kube.create(kube::kServices,
                      parse_json(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"partners"},)"
                                 R"("spec":{"selector":{"app":"myapp"},"ports":[{"port":80}]}})",
                                 "test"));
  EXPECT_EQ(outcome("one-service"), Outcome::fail);
  auto other = parse_json(to_text(live()), "test");
  other["metadata"] = Json::object({{"name", "canary"}});
  other.erase("status");
  other["spec"]["selector"]["matchLabels"]["track"] = "canary";
  other["spec"]["template"]["metadata"]["labels"]["track"] = "canary";
  other["spec"]["template"]["metadata"]["labels"]["version"] = "green";
  other["spec"]["replicas"] = 1;
  ground_.kube.create(kube::kDeployments, other);
  const auto wearers = [&] { return wearers_of(context_, {{"app", "myapp"}, {"version", "green"}}, "myapp-green"); };
  ASSERT_TRUE(eventually([&] { return wearers().deployments.size() == 1; }));
  auto held = lease();
  const auto plan = Move{.deployment = "myapp-green", .selector_after = {{"app", "myapp"}, {"version", "green"}}};
  EXPECT_TRUE(says(refusal(ExitCode::stop, [&] { clear_colour(context_, held, plan); }), "pods of 'canary'"));
  EXPECT_EQ(ground_.deployment("canary")["spec"]["replicas"].integer(), 1) << "it is nobody's to shrink";
}

}  // namespace
}  // namespace baton::rollout
