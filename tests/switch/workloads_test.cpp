// baton-switch where a StatefulSet or a DaemonSet serves, or the Service is headless: rolled over, never beside.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "common/rollout/pods.h"
#include "tests/sandbox/load.h"
#include "tests/support/refusal.h"
#include "tests/support/rights.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRolling = "--set=switch.strategy=rolling";

/// What `kind` serves is told from its pods: a release changes the template alone.
class WorkloadsTest : public testing::TestWithParam<const char*> {
 protected:
  const kube::Resource& kind() const {
    return std::string_view(GetParam()) == "StatefulSet" ? kube::kStatefulSets : kube::kDaemonSets;
  }
  Json workload() { return runner_.kube.get(kind(), "myapp"); }
  std::string image() { return workload()["spec"]["template"]["spec"]["containers"].items().front()["image"].string(); }
  std::set<std::string> pods() { return rollout::uids_of(runner_.kube.list(kube::kPods)); }
  Ended roll(std::vector<std::string> more = {}) {
    more.push_back(kRolling);
    return runner_.release("v1.6.0", more);
  }
  bool are_all(const std::string& image) {
    const auto pods = rollout::ready_pods(runner_.kube.list(kube::kPods));
    return pods.size() == 2 &&
           std::ranges::all_of(pods, [&](const Json& pod) { return rollout::runs_image(pod, image); });
  }

  Runner runner_{{.replicas = 2, .kind = GetParam()}};
};

TEST_P(WorkloadsTest, IsRolledOverPodByPodAndLosesNoRequest) {
  runner_.playground.set_fault("v1.6.0");
  const auto before = workload()["spec"];
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts =
        sandbox::run_load({.url = runner_.playground.front_url() + "/api/users", .rps = 100, .lasting = 60s}, stop);
  });
  const auto ended = roll();
  load.request_stop();
  load.join();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.error, "1 of 2 pods run v1.6.0"));
  EXPECT_NE(image().find("@sha256:"), std::string::npos);
  EXPECT_TRUE(are_all(image()));
  EXPECT_EQ(workload()["spec"]["minReadySeconds"].integer_or(0), before["minReadySeconds"].integer_or(0));
  EXPECT_EQ(workload()["spec"]["updateStrategy"], before["updateStrategy"]);
  EXPECT_EQ(runner_.selector(), (rollout::Labels{{"app", "myapp"}}));
  EXPECT_TRUE(runner_.kube.list(kube::kDeployments).empty());
  EXPECT_EQ(runner_.handoff()["state"]["move"]["rolled"]["kind"].string(), GetParam());
  EXPECT_EQ(runner_.handoff()["state"]["new"]["ready"].integer(), 2);
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_EQ(counts.server_errors, 0U);
}

TEST_P(WorkloadsTest, TheFirstPodThatFailsEndsItAndTheOthersNeverStopped) {
  for (const auto* fault : {"never-ready", "crash-loop", "errors=100%"}) {
    runner_.playground.set_fault("v1.6.0", fault);
    const auto image = this->image();
    const auto before = pods();
    const auto ended = roll({"--set=switch.ready_timeout=12s", "--retry-failed-digest"});
    EXPECT_EQ(ended.code, 4) << fault << ended.output << ended.error;
    EXPECT_EQ(this->image(), image);
    EXPECT_TRUE(are_all(image)) << fault;
    const auto there = pods();
    const auto kept = std::ranges::count_if(before, [&](const auto& uid) { return there.contains(uid); });
    EXPECT_EQ(kept, 1) << fault << ": live pods were replaced" << ended.error;
    EXPECT_EQ(workload()["spec"]["minReadySeconds"].integer_or(0), 0);
  }
}

TEST_P(WorkloadsTest, AReleaseThatCrashesInTheSoakIsTakenBack) {
  runner_.playground.set_fault("v1.6.0", "crash-loop after=9s");
  const auto image = this->image();
  const auto ended = roll({"--set=switch.soak=30s", "--set=switch.soak_max=30s"});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(this->image(), image);
  EXPECT_TRUE(are_all(image));
}

TEST_P(WorkloadsTest, APersonSeesItAndTakesItBack) {
  runner_.playground.set_fault("v1.6.0");
  const auto image = this->image();
  ASSERT_EQ(roll().code, 0);
  const auto seen = runner_.run("status");
  EXPECT_EQ(seen.code, 0) << seen.error;
  EXPECT_TRUE(test::says(seen.output, "way back   ready")) << seen.output;
  EXPECT_TRUE(test::says(seen.output, "myapp (2/2 ready)")) << seen.output;
  const auto ended = runner_.run("rollback", {"--reason=customers call"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(this->image(), image);
  EXPECT_TRUE(are_all(image));
}

TEST_P(WorkloadsTest, NoOtherStrategyTakesIt) {
  runner_.playground.set_fault("v1.6.0");
  const auto before = runner_.writable_state();
  for (const auto* strategy : {"blue-green", "canary"}) {
    const auto ended = runner_.release("v1.6.0", {std::string("--set=switch.strategy=") + strategy});
    EXPECT_EQ(ended.code, 3) << ended.output;
    EXPECT_TRUE(test::says(ended.output + ended.error, std::string(GetParam()) + " 'myapp' serves")) << ended.error;
    EXPECT_TRUE(test::says(ended.output + ended.error, "switch.strategy: rolling")) << ended.error;
  }
  EXPECT_EQ(runner_.writable_state(), before);
}

TEST_P(WorkloadsTest, SaysWhatItWouldDo) {
  runner_.playground.set_fault("v1.6.0");
  const auto before = runner_.writable_state();
  const auto ended = roll({"--dry-run"});
  EXPECT_EQ(ended.code, 0) << ended.error;
  EXPECT_TRUE(test::says(ended.output, kind().kind == "StatefulSet"
                                           ? "one pod after another from the highest number down"
                                           : "as its owner set: maxUnavailable 1, maxSurge 0"))
      << ended.output;
  EXPECT_EQ(runner_.writable_state(), before);
}

// precheck promises that these are all (access-rights).
TEST_P(WorkloadsTest, NeedsNoRightOfAnotherKind) {
  runner_.playground.set_fault("v1.6.0", "never-ready");
  const auto other = kind().kind == "StatefulSet" ? "daemonsets" : "statefulsets";
  auto rights = test::rights_of_the_table(rollout::kSwitch);
  std::erase_if(rights, [&](const std::string& right) {
    return right.ends_with(" deployments") || right.ends_with("/scale") || right.ends_with("replicasets") ||
           right.ends_with(other) || (kind().kind == "DaemonSet" && right == "delete pods");
  });
  runner_.playground.sandbox().access().allow_only(rights);
  const auto planned = runner_.run("plan", {"--release=v1.6.0", kRolling});
  EXPECT_EQ(planned.code, 0) << planned.output << planned.error;
  const auto undone = roll({"--set=switch.ready_timeout=8s"});
  EXPECT_EQ(undone.code, 4) << undone.output << undone.error;
}

TEST_P(WorkloadsTest, ThatNobodyReplacesIsRefused) {
  Runner runner({.kind = GetParam(), .more = "updateStrategy: {type: OnDelete}"});
  runner.playground.set_fault("v1.6.0");
  const auto before = runner.writable_state();
  const auto ended = runner.release("v1.6.0", {kRolling});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "only when somebody deletes them (updateStrategy OnDelete)")) << ended.output;
  EXPECT_EQ(runner.writable_state(), before);
}

INSTANTIATE_TEST_SUITE_P(Kinds, WorkloadsTest, testing::Values("StatefulSet", "DaemonSet"),
                         [](const auto& test) { return std::string(test.param); });

Ended refused(Runner& runner) {
  runner.playground.set_fault("v1.6.0");
  const auto before = runner.writable_state();
  auto ended = runner.release("v1.6.0", {kRolling});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(runner.writable_state(), before);
  return ended;
}

TEST(StatefulSetTest, APartitionThatSomebodySetIsRefusedWithItsValue) {
  Runner runner({.kind = "StatefulSet", .more = "updateStrategy: {rollingUpdate: {partition: 1}}"});
  EXPECT_TRUE(test::says(refused(runner).output, "has the partition 1"));
}

TEST(StatefulSetTest, AnOperatorsIsRefused) {
  Runner runner({.kind = "StatefulSet"});
  runner.kube.merge_patch(
      kube::kStatefulSets, "myapp",
      parse_json(R"({"metadata":{"ownerReferences":[{"apiVersion":"db.example.com/v1","kind":"Database",)"
                 R"("name":"shop","uid":"1","controller":true}]}})",
                 "test"));
  EXPECT_TRUE(test::says(refused(runner).output, "belongs to Database 'shop'"));
}

// Somebody else's release left a pod that never got ready: behind it nothing is replaced.
TEST(StatefulSetTest, OneThatIsNotRolledOutIsRefused) {
  Runner runner({.replicas = 2, .kind = "StatefulSet"});
  runner.playground.set_fault("v1.5.5", "never-ready");
  runner.kube.json_patch(kube::kStatefulSets, "myapp",
                         Json::array({Json::object({{"op", "replace"},
                                                    {"path", "/spec/template/spec/containers/0/image"},
                                                    {"value", runner.playground.image() + ":v1.5.5"}})}));
  while (runner.kube.get(kube::kStatefulSets, "myapp")["status"]["updatedReplicas"].integer_or(0) != 1)
    runner.clock.sleep_for(50ms, {});
  EXPECT_TRUE(test::says(refused(runner).output, "is not rolled out"));
}

TEST(StatefulSetTest, AnotherPodOfTheReleaseThatFailsOnItsWayBackIsDeletedToo) {
  Runner runner({.replicas = 3, .kind = "StatefulSet"});
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0", {kRolling}).code, 0);
  runner.playground.set_fault("v1.6.0", "never-ready");  // all of them, from here on
  const auto ended = runner.run("rollback", {"--reason=none is ready"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(rollout::ready_pods(runner.kube.list(kube::kPods)).size(), 3U);
}

TEST(HeadlessTest, IsRolledOverAndNeverPatched) {
  Runner runner({.is_headless = true});
  runner.playground.set_fault("v1.6.0");
  const auto refused = runner.release("v1.6.0");
  EXPECT_EQ(refused.code, 3) << refused.output;
  EXPECT_TRUE(test::says(refused.output + refused.error, "service 'myapp' is headless")) << refused.error;
  const auto spec = runner.kube.get(kube::kServices, "myapp")["spec"];
  const auto ended = runner.release("v1.6.0", {kRolling});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(test::says(to_text(runner.handoff()["findings"]), "the Service is headless"));
  EXPECT_EQ(runner.kube.get(kube::kServices, "myapp")["spec"], spec);
}

TEST(HeadlessTest, BesideANormalOneOfAStatefulSetEitherMayBeNamed) {
  Runner runner({.kind = "StatefulSet"});
  runner.playground.set_fault("v1.6.0");
  runner.playground.create(
      "{apiVersion: v1, kind: Service, metadata: {name: bare}, spec: {clusterIP: None, selector: {app: myapp}}}");
  const auto ended = runner.release("v1.6.0", {kRolling, "--set=kubernetes.service=bare"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
}

}  // namespace
}  // namespace baton::cutover
