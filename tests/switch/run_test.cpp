// baton-switch run: the good way, the refused way, and the ways it stops before any user is met.
#include <gtest/gtest.h>

#include <thread>

#include "common/config/sections/handoff.h"
#include "common/rollout/pods.h"
#include "tests/sandbox/load.h"
#include "tests/support/refusal.h"
#include "tests/support/rights.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

TEST(RunTest, AdoptsAServiceThatNeverKnewColoursAndRestartsNoPod) {
  Runner runner;
  const auto pods = rollout::uids_of(runner.kube.list(kube::kPods));
  runner.playground.set_fault("v1.6.0");
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
  for (const auto& uid : pods) EXPECT_TRUE(rollout::uids_of(runner.kube.list(kube::kPods)).contains(uid));
  EXPECT_EQ(runner.replicas("myapp"), 2);
  EXPECT_EQ(runner.replicas("myapp-green"), 2);
}

TEST(RunTest, PinsTheImageByTheRegistrysDigest) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.release("v1.6.0");
  const auto handoff = runner.handoff();
  EXPECT_EQ(runner.image("myapp-green"), runner.playground.image() + "@" + handoff["state"]["move"]["digest"].string());
}

TEST(RunTest, HandsOnWhatARollbackFindsAndHowItWasProved) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.release("v1.6.0");
  const auto state = runner.handoff()["state"];
  EXPECT_EQ(state["move"]["phase"].string(), "kept");
  EXPECT_EQ(state["proved_from"].string(), "cluster-ip");
  EXPECT_EQ(state["rollback_ready"].integer(), 2);
  for (const auto* time : {"patch_ms", "first_slice_ms", "all_slices_ms", "proved_ms"}) {
    EXPECT_NE(state["times"].find(time), nullptr) << time;
  }
}

TEST(RunTest, WithoutMetricsTheVerdictIsCaution) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.release("v1.6.0");
  EXPECT_EQ(runner.handoff()["verdict"].string(), "caution");
}

TEST(RunTest, TheNextReleaseTakesTheOtherColour) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.playground.set_fault("v1.6.1");
  runner.release("v1.6.0");
  const auto ended = runner.release("v1.6.1");
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 2);
}

TEST(RunTest, NoRequestIsLostAcrossTheSwitch) {
  Runner runner({.proxy_delay = std::chrono::milliseconds(300)});
  runner.playground.set_fault("v1.6.0");
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts = sandbox::run_load(
        {.url = runner.playground.front_url() + "/api/users", .rps = 100, .lasting = std::chrono::seconds(30)}, stop);
  });
  const auto ended = runner.release("v1.6.0");
  load.request_stop();
  load.join();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_GT(counts.total, 100U);
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_EQ(counts.server_errors, 0U);
  EXPECT_GT(counts.fresh["v1.6.0"].answers, 0U);
}

TEST(RunTest, DryRunSaysWhatItWouldDoAndWritesNothing) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto before = runner.writable_state();
  const auto ended = runner.release("v1.6.0", {"--dry-run"});
  EXPECT_EQ(ended.code, 0) << ended.error;
  EXPECT_NE(ended.output.find("bring up 'myapp-green' with 2 replicas"), std::string::npos) << ended.output;
  EXPECT_EQ(runner.writable_state(), before);
}

TEST(RunTest, ACrashingReleaseStopsBeforeTrafficWithItsLastLogLine) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "crash-loop");
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("its log ends:"), std::string::npos) << ended.output;
  EXPECT_EQ(runner.selector(), kOriginal);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_TRUE(fs::exists(runner.folder.path() / ".baton/evidence/myapp-green-pods.json"));
}

TEST(RunTest, AReleaseThatNeverGetsReadyStopsWhenItsTimeIsOver) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "never-ready");
  const auto ended = runner.release("v1.6.0", {"--set=switch.ready_timeout=2s"});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kOriginal);
}

TEST(RunTest, ASlowStartIsWaitedFor) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "slow-start=2s");
  EXPECT_EQ(runner.release("v1.6.0").code, 0);
  EXPECT_EQ(runner.selector(), kGreen);
}

TEST(RunTest, AFailingSmokeTestStopsBeforeTraffic) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "errors=100%");
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kOriginal);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
}

// The policy's own words, exit 3, and nothing left of it.
TEST(RunTest, APolicyThatSaysNoStopsBeforeTrafficAndAllIsAsItBegan) {
  struct Policy {
    const char* kind;
    const char* part;
  };
  for (const auto& [kind, part] : {Policy{"Deployment", "@sha256"}, Policy{"Service", "blue"},
                                   Policy{"Service", "green"}, Policy{"ReplicaSet", "blue"}}) {
    Runner runner;
    runner.playground.set_fault("v1.6.0");
    runner.playground.sandbox().access().set_policy("every object must name its team", kind, part);
    const auto ended = runner.release("v1.6.0", {"--set=switch.ready_timeout=4s"});
    EXPECT_EQ(ended.code, 3) << kind << part << ended.output << ended.error;
    EXPECT_NE(ended.output.find("every object must name its team"), std::string::npos) << kind << part << ended.output;
    EXPECT_EQ(runner.selector(), kOriginal) << kind << part;
    EXPECT_LE(runner.replicas("myapp-green"), 0) << kind << part;
    const auto live = runner.kube.get(kube::kDeployments, "myapp");
    EXPECT_EQ(live["spec"]["template"]["metadata"]["labels"].find("version"), nullptr) << kind << part;
    EXPECT_EQ(live["spec"].find("paused"), nullptr) << kind << part;
  }
}

/// Once what serves was adopted, and before the next colour is ready.
void while_it_comes_up(Runner& runner, const std::function<void()>& act) {
  for (int left = 1000; runner.selector() != kBlue && left > 0; --left) runner.clock.sleep_for(10ms, {});
  act();
}

// The owner's template takes the label from the pods that come next: they get it again in time.
TEST(RunTest, AnOwnersTemplateTakesNoPodOutOfTheService) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "slow-start=3s");
  auto running = std::async(std::launch::async, [&] { return runner.release("v1.6.0"); });
  while_it_comes_up(runner, [&] {
    const auto* own =
        R"({"spec":{"template":{"metadata":{"labels":{"version":null},"annotations":{"owner":"applied"}}}}})";
    runner.kube.merge_patch(kube::kDeployments, "myapp", parse_json(own, "test"));
  });
  std::size_t fewest = 2;
  while (running.wait_for(20ms) == std::future_status::timeout) {
    const auto labels = rollout::selector_text(runner.selector());
    fewest = std::min(fewest, rollout::ready_pods(runner.kube.list(kube::kPods, {.labels = labels})).size());
  }
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(fewest, 2U) << ended.error;
  EXPECT_EQ(runner.kube.get(kube::kDeployments, "myapp")["spec"]["template"]["metadata"]["labels"]["version"].string(),
            "blue");
}

TEST(RunTest, AnotherImageOnWhatServesEndsItBeforeTraffic) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "slow-start=3s");
  runner.playground.set_fault("v1.5.1");
  auto running = std::async(std::launch::async, [&] { return runner.release("v1.6.0"); });
  while_it_comes_up(runner, [&] {
    const auto image = Json::array({Json::object({{"op", "replace"},
                                                  {"path", "/spec/template/spec/containers/0/image"},
                                                  {"value", runner.playground.image() + ":v1.5.1"}})});
    runner.kube.json_patch(kube::kDeployments, "myapp", image);
  });
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("somebody else releases, too"), std::string::npos) << ended.output;
  EXPECT_EQ(runner.selector(), kOriginal);
}

TEST(RunTest, AServiceThatWouldTakeTheNextColourInUnprovedEndsIt) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "slow-start=3s");
  auto running = std::async(std::launch::async, [&] { return runner.release("v1.6.0"); });
  while_it_comes_up(runner, [&] {  // its owner's manifest
    runner.kube.merge_patch(kube::kServices, "myapp", parse_json(R"({"spec":{"selector":{"version":null}}})", "test"));
  });
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("would get traffic unproved"), std::string::npos) << ended.output;
  EXPECT_EQ(runner.selector(), kOriginal);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_TRUE(runner.kube.list(kube::kPods, {.labels = "version"}).empty());
}

// decisions 28: as many as serve now.
TEST(RunTest, WhatServesIsScaledUpMeanwhileAndTheNextColourFollows) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "slow-start=2s");
  auto running = std::async(std::launch::async, [&] { return runner.release("v1.6.0"); });
  while_it_comes_up(runner, [&] { runner.playground.scale("myapp", 4); });
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.replicas("myapp-green"), 4);
}

TEST(RunTest, AnImageThatIsNotInTheRegistryStops) {
  Runner runner;
  EXPECT_EQ(runner.release("v9.9.9").code, 3);
  EXPECT_EQ(runner.replicas("myapp-green"), -1);
}

TEST(RunTest, AnAutoscalerThatItsKeeperWouldPutBackIsRefusedBeforeAnythingIsWritten) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.playground.create(kAutoscaler);
  runner.kube.merge_patch(
      kube::kAutoscalers, "h",
      parse_json(R"({"metadata":{"ownerReferences":[{"apiVersion":"keda.sh/v1alpha1","kind":"ScaledObject",)"
                 R"("name":"shop","uid":"1","controller":true}]}})",
                 "test"));
  const auto before = runner.writable_state();
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 3) << ended.output;
  EXPECT_NE(ended.output.find("HorizontalPodAutoscaler 'h' is kept by ScaledObject 'shop'"), std::string::npos)
      << ended.output;
  EXPECT_EQ(runner.writable_state(), before);
}

TEST(RunTest, AutoscalerAndBudgetGoWithTheTrafficAndBack) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.playground.create(kAutoscaler);
  runner.playground.create(kBudget);
  runner.playground.sandbox().access().allow_only(test::rights_of_the_table(rollout::kSwitch));
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto autoscaler = [&] { return runner.kube.get(kube::kAutoscalers, "h")["spec"]; };
  const auto guarded = [&] {
    const auto budget = runner.kube.get(kube::kDisruptionBudgets, "b");
    return rollout::labels_from(budget["spec"]["selector"]["matchLabels"]);
  };
  EXPECT_EQ(autoscaler()["scaleTargetRef"]["name"].string(), "myapp-green");
  EXPECT_EQ(to_text(autoscaler()["behavior"]), R"({"scaleDown":{"stabilizationWindowSeconds":0}})");
  EXPECT_EQ(guarded(), kGreen);
  EXPECT_EQ(runner.replicas("myapp-green"), 2);
  const auto back = runner.run("rollback", {"--reason=test", "--by=jo"});
  EXPECT_EQ(back.code, 0) << back.output << back.error;
  EXPECT_EQ(autoscaler()["scaleTargetRef"]["name"].string(), "myapp");
  EXPECT_EQ(to_text(autoscaler()["behavior"]), R"({"scaleDown":{"stabilizationWindowSeconds":0}})");
  EXPECT_EQ(guarded(), kBlue);
  EXPECT_EQ(runner.replicas("myapp"), 2);
}

class WorkerRunTest : public testing::Test {
 protected:
  WorkerRunTest() {
    runner_.playground.set_fault("v1.4.0");
    runner_.playground.set_fault("v1.6.0");
    runner_.playground.create(kWorker);
    runner_.playground.await_rollout("mailer");
  }
  Ended release() { return runner_.release("v1.6.0", {"--set=kubernetes.workers=[mailer]"}); }

  Runner runner_;
  const std::string before_ = runner_.playground.image() + ":v1.4.0";
};

TEST_F(WorkerRunTest, GetsTheReleaseOnceTheSwitchIsProvedAndLosesItWithARollback) {
  runner_.playground.sandbox().access().allow_only(test::rights_of_the_table(rollout::kSwitch));
  const auto ended = release();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner_.image("mailer"), runner_.image("myapp-green"));
  const auto back = runner_.run("rollback", {"--reason=test", "--by=jo"});
  EXPECT_EQ(back.code, 0) << back.output << back.error;
  EXPECT_EQ(runner_.image("mailer"), before_) << "also where the command knows of no worker";
}

TEST_F(WorkerRunTest, OneThatMayNotGetItTakesTheWholeReleaseBack) {
  runner_.playground.sandbox().access().set_policy("workers are frozen", "Deployment", R"("app":"mailer")");
  const auto ended = release();
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("workers are frozen"), std::string::npos) << ended.output;
  EXPECT_EQ(runner_.selector(), kBlue);
  EXPECT_EQ(runner_.image("mailer"), before_);
}

// precheck promises that these are all (access-rights).
TEST(RunTest, TheRightsOfTheTableAreEnoughForAReleaseAndItsRollback) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.playground.sandbox().access().allow_only(test::rights_of_the_table(rollout::kSwitch));
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto back = runner.run("rollback", {"--reason=test", "--by=jo"});
  EXPECT_EQ(back.code, 0) << back.output << back.error;
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
}

TEST(RunTest, AnotherDeploymentsLeaseIsNotBroken) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.kube.create(
      kube::kLeases,
      parse_json(
          R"({"metadata":{"name":"baton-myapp"},"spec":{"holderIdentity":"other/1","leaseDurationSeconds":30,"renewTime":")" +
              to_rfc3339(runner.clock.now()).substr(0, 19) + R"(.000000Z"}})",
          "test"));
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 75) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("'other'"), std::string::npos) << ended.output;
  EXPECT_EQ(runner.replicas("myapp-green"), -1);
}

TEST(StatusTest, SaysWhoServesAndWhatIsRecorded) {
  Runner runner;
  EXPECT_NE(runner.run("status").output.find("selects app=myapp (2 endpoints ready)"), std::string::npos);
  runner.playground.set_fault("v1.6.0");
  runner.release("v1.6.0");
  const auto ended = runner.run("status");
  EXPECT_EQ(ended.code, 0);
  EXPECT_NE(ended.output.find("v1.6.0 switched and kept"), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("myapp-green (2/2 ready)"), std::string::npos) << ended.output;
}

TEST(StatusTest, SaysWhetherThereIsAWayBack) {
  Runner runner;
  EXPECT_EQ(runner.run("status").output.find("way back"), std::string::npos) << "nothing was switched";
  runner.playground.set_fault("v1.6.0");
  runner.release("v1.6.0");
  const auto open = runner.run("status").output;
  EXPECT_TRUE(test::says(open, "way back   ready\n"));
  EXPECT_TRUE(test::says(open, "✅ Its pods can take the traffic: 2 of 2 pods ready"));
  EXPECT_TRUE(test::says(open, "✅ Its image can still be pulled: " + runner.playground.image() + ":v1.5.0"));
  runner.kube.remove(kube::kDeployments, "myapp");
  const auto lost = runner.run("status");
  EXPECT_EQ(lost.code, 0) << "a look";
  EXPECT_TRUE(test::says(lost.output, "way back   not ready\n"));
  EXPECT_TRUE(
      test::says(lost.output, "❌ The release before is there to go back to: absent; Deployment 'myapp' is gone"));
  const auto record = parse_json(runner.run("status", {"--output=json"}).output, "record");
  EXPECT_EQ(record["way_back"]["state"].string(), "not ready") << to_text(record);
}

TEST(StatusTest, AsksForFewObjects) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.release("v1.6.0");
  const int before = runner.playground.sandbox().api_requests();
  runner.run("status");
  // Service, Lease, slices; the pods, ReplicaSet and Deployment that serve; each colour's ReplicaSets and pods, and the
  // Deployment that does not serve. For the way back: autoscalers and budgets, the former twice, the latter with the
  // Deployment that tells the colours apart, and five rights.
  EXPECT_EQ(runner.playground.sandbox().api_requests() - before, 11 + 4 + 5);
}

}  // namespace
}  // namespace baton::cutover
