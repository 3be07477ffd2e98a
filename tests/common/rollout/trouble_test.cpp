// Fail-fast rules on pods as the kubelet describes them.
#include "common/rollout/trouble.h"

#include <gtest/gtest.h>

#include "tests/common/rollout/json_of.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

Json waiting_pod(const std::string& reason, int restarts) {
  auto pod = json(
      R"({"metadata":{"name":"p1"},"status":{"containerStatuses":[{"name":"shop","ready":false,"state":{"waiting":{}}}]}})");
  auto& status = pod["status"]["containerStatuses"].items().front();
  status["restartCount"] = restarts;
  status["state"]["waiting"]["reason"] = reason;
  return pod;
}

struct WaitingCase {
  const char* reason;
  int restarts;
  std::optional<Duration> patience;
};

class WaitingTest : public testing::TestWithParam<WaitingCase> {};

TEST_P(WaitingTest, HasItsPatience) {
  const auto found = troubles_of_pod(waiting_pod(GetParam().reason, GetParam().restarts));
  ASSERT_EQ(found.empty(), !GetParam().patience) << GetParam().reason;
  if (found.empty()) return;
  EXPECT_EQ(found.front().patience, *GetParam().patience);
  EXPECT_EQ(found.front().container, "shop");
  EXPECT_EQ(found.front().pod, "p1");
}

INSTANTIATE_TEST_SUITE_P(
    All, WaitingTest,
    testing::Values(WaitingCase{"ContainerCreating", 0, std::nullopt}, WaitingCase{"CrashLoopBackOff", 0, std::nullopt},
                    WaitingCase{"CrashLoopBackOff", 1, 0s}, WaitingCase{"ErrImageNeverPull", 0, 0s},
                    WaitingCase{"InvalidImageName", 0, 0s}, WaitingCase{"ErrImagePull", 0, 30s},
                    WaitingCase{"ImagePullBackOff", 0, 20s}, WaitingCase{"CreateContainerConfigError", 0, 15s},
                    WaitingCase{"RunContainerError", 0, 15s}));

TEST(TroubleTest, OneRestartIsAllowedAndTheSecondEndsTheWait) {
  auto pod = json(
      R"({"metadata":{"name":"p1"},"status":{"containerStatuses":[{"name":"shop","ready":false,"restartCount":1}]}})");
  EXPECT_TRUE(troubles_of_pod(pod).empty());
  pod["status"]["containerStatuses"].items().front()["restartCount"] = 2;
  ASSERT_EQ(troubles_of_pod(pod).size(), 1U);
  EXPECT_TRUE(troubles_of_pod(pod).front().has_crashed);
}

TEST(TroubleTest, ARestartedContainerThatIsReadyAgainIsNoTrouble) {
  EXPECT_TRUE(
      troubles_of_pod(json(R"({"status":{"containerStatuses":[{"name":"shop","ready":true,"restartCount":5}]}})"))
          .empty());
}

TEST(TroubleTest, TooMuchMemoryEndsTheWaitAtOnce) {
  const auto found = troubles_of_pod(json(
      R"({"status":{"containerStatuses":[{"name":"shop","ready":false,"restartCount":1,"lastState":{"terminated":{"reason":"OOMKilled"}}}]}})"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().reason, "OOMKilled");
}

TEST(TroubleTest, AReadinessProbeThatFailsIsNoTrouble) {
  EXPECT_TRUE(
      troubles_of_pod(
          json(
              R"({"status":{"conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"shop","ready":false,"restartCount":0,"state":{"running":{}}}]}})"))
          .empty());
}

TEST(TroubleTest, NoNodeForThePodIsWaitedForUntilAnAutoscalerHadItsTime) {
  const auto found = troubles_of_pod(json(
      R"({"metadata":{"name":"p1"},"status":{"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes"}]}})"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().patience, 2min);
}

TEST(TroubleTest, AnInitContainerThatFailedTwiceEndsTheWait) {
  auto pod = json(
      R"({"metadata":{"name":"p1"},"status":{"initContainerStatuses":[{"name":"init","restartCount":0,"state":{"terminated":{"reason":"Error"}}}]}})");
  EXPECT_TRUE(troubles_of_pod(pod).empty());
  pod["status"]["initContainerStatuses"].items().front()["restartCount"] = 1;
  EXPECT_EQ(troubles_of_pod(pod).size(), 1U);
}

TEST(TroubleTest, ADeploymentThatMayMakeNoPodsSaysWhy) {
  const auto found = troubles_of_deployment(json(
      R"({"status":{"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"exceeded quota"}]}})"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().patience, 10s);
  EXPECT_EQ(found.front().message, "exceeded quota");
}

TEST(TroubleTest, AnExceededProgressDeadlineEndsTheWaitAtOnce) {
  const auto found = troubles_of_deployment(json(
      R"({"status":{"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]}})"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().patience, 0s);
}

TEST(TroubleTest, WhatADeploymentSaysOfATemplateThatWasReplacedIsNoTrouble) {
  EXPECT_TRUE(
      troubles_of_deployment(
          json(
              R"({"metadata":{"generation":3},"status":{"observedGeneration":2,"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]}})"))
          .empty());
}

TEST(TroubleTest, TheTriesToPullAnImageAreOneSign) {
  const auto failed = troubles_of_pod(waiting_pod("ErrImagePull", 0)).front();
  const auto waited = troubles_of_pod(waiting_pod("ImagePullBackOff", 0)).front();
  EXPECT_EQ(failed.sign, waited.sign);
  EXPECT_FALSE(failed.sign.empty());
  EXPECT_TRUE(failed.says_why);
  EXPECT_FALSE(waited.says_why);
}

TEST(TroubleTest, OfAPodThatIsNotReadyTheReasonIsNamed) {
  auto pod = json(R"({"metadata":{"name":"p1"},
    "spec":{"containers":[{"name":"shop"}],"readinessGates":[{"conditionType":"known"},{"conditionType":"target"}]},
    "status":{"conditions":[{"type":"ContainersReady","status":"True"},{"type":"known","status":"True"}]}})");
  EXPECT_EQ(not_ready(pod).reason, "ReadinessGate");
  EXPECT_EQ(not_ready(pod).message, "its containers are ready, and nobody set its readiness gate 'target'");
  EXPECT_EQ(not_ready(pod).container, "") << "no log tells more";
  pod["status"]["conditions"].items().front()["status"] = "False";
  EXPECT_EQ(not_ready(pod).container, "shop");
  EXPECT_EQ(not_ready(pod).reason, "NotReady");
  // Of whatever runs Kubernetes says that it has started: the spec tells a sidecar.
  pod["spec"]["initContainers"] =
      json(R"([{"name":"proxy","restartPolicy":"Always"},{"name":"done"},{"name":"schema"}])");
  pod["status"]["initContainerStatuses"] = json(R"([{"name":"proxy","started":true,"state":{"running":{}}},
    {"name":"done","state":{"terminated":{"exitCode":0}}},{"name":"schema","started":true,"state":{"running":{}}}])");
  EXPECT_EQ(not_ready(pod).container, "schema");
  EXPECT_EQ(not_ready(pod).message, "its init container 'schema' has not ended");
}

TEST(TroubleTest, EveryReasonHasRecoverySteps) {
  for (const auto* reason :
       {"OOMKilled", "NotReady", "Unschedulable", "ImagePullBackOff", "CrashLoopBackOff", "Anything"}) {
    EXPECT_FALSE(recovery_for(reason, true).empty()) << reason;
  }
}

TEST(TroubleTest, NobodyIsSentToALogThatThereIsNot) {
  EXPECT_TRUE(recovery_for("CrashLoopBackOff", true).front().starts_with("Read the pod's log"));
  for (const auto* reason : {"CrashLoopBackOff", "Restarts", "FailedCreate", "CreateContainerConfigError",
                             "InvalidImageName", "ErrImageNeverPull", "FailedMount", "ProgressDeadlineExceeded"})
    EXPECT_FALSE(recovery_for(reason, false).front().starts_with("Read the pod's log")) << reason;
}

TEST(TroubleTest, WhatTheRuntimeSaidAtTheLastEndIsTheReason) {
  auto pod = waiting_pod("CrashLoopBackOff", 1);
  auto& status = pod["status"]["containerStatuses"].items().front();
  status["state"]["waiting"]["message"] = "back-off 10s restarting failed container";
  EXPECT_EQ(troubles_of_pod(pod).front().message, "back-off 10s restarting failed container");
  status["lastState"] = json(R"({"terminated":{"reason":"StartError","message":"exec: no such file"}})");
  EXPECT_EQ(troubles_of_pod(pod).front().message, "exec: no such file");
}

}  // namespace
}  // namespace baton::rollout
