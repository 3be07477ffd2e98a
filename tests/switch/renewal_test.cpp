// Kept connections move after the soak: the old colour's pods are renewed, and what stays of it as the way back.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "common/rollout/pods.h"
#include "tests/sandbox/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

constexpr const char* kPaced = "--set=switch.drain=paced";

class RenewalTest : public testing::Test {
 protected:
  explicit RenewalTest(int replicas = 2) : runner({.replicas = replicas}) { runner.playground.set_fault("v1.6.0"); }

  std::vector<Json> old_pods() {
    auto pods = rollout::ready_pods(runner.kube.list(kube::kPods));
    std::erase_if(pods, [](const Json& pod) { return !rollout::name_of(pod).starts_with("myapp-") || is_new(pod); });
    return pods;
  }
  static bool is_new(const Json& pod) { return rollout::name_of(pod).starts_with("myapp-green"); }

  /// `act` each time a pod is about to be deleted by the release.
  void at_each_deletion(std::function<void()> act) {
    runner.playground.sandbox().set_witness([act](const sandbox::Question& question, sandbox::Moment moment) {
      const bool is_deletion = question.method == "DELETE" && question.path.find("/pods/") != std::string::npos;
      if (is_deletion && moment == sandbox::Moment::before) act();
      return true;
    });
  }

  Json finding(const std::string& id) {
    const auto findings = runner.handoff()["findings"];
    for (const auto& one : findings.items()) {
      if (one["id"].string() == id) return one;
    }
    return Json();
  }

  Runner runner;
};

TEST_F(RenewalTest, OneByOneAndNeverMoreThanOneLess) {
  const auto before = rollout::uids_of(old_pods());
  std::atomic<int> whole = 0, not_whole = 0;  // written by the playground's threads
  at_each_deletion([&] { ++(old_pods().size() == 2 ? whole : not_whole); });
  const auto ended = runner.release("v1.6.0", {kPaced});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(whole, 2);
  EXPECT_EQ(not_whole, 0);
  const auto after = rollout::uids_of(old_pods());
  EXPECT_EQ(after.size(), 2U);
  for (const auto& uid : before) EXPECT_FALSE(after.contains(uid));
  EXPECT_EQ(finding("kept-connections-moved")["outcome"].string(), "pass");
  EXPECT_EQ(finding("kept-connections-moved")["observed"].string(), "2");
}

TEST_F(RenewalTest, NotWhereNobodyAsksForIt) {
  const auto before = rollout::uids_of(old_pods());
  EXPECT_EQ(runner.release("v1.6.0").code, 0);
  EXPECT_EQ(rollout::uids_of(old_pods()), before);
  EXPECT_TRUE(finding("kept-connections-moved").is_null());
}

TEST_F(RenewalTest, AReleaseThatFailsMeanwhileIsTakenBack) {
  at_each_deletion([&] { runner.playground.set_fault("v1.6.0", "errors=100%"); });
  const auto ended = runner.release("v1.6.0", {kPaced});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(old_pods().size(), 2U);
}

/// Puts a second container into the live Deployment's pods.
void add_container(Runner& runner, const std::string& image) {
  const auto name = "myapp";
  const auto live = runner.kube.get(kube::kDeployments, name);
  runner.kube.json_patch(
      kube::kDeployments, name,
      parse_json(R"([{"op": "add", "path": "/spec/template/spec/containers/-", "value": {"name": "side", "image": ")" +
                     image + "\"}}]",
                 "test"));
  runner.playground.await_rollout(name);
}

TEST_F(RenewalTest, LeftAloneWhereAnImageCannotBeAskedFor) {
  add_container(runner, "127.0.0.1:1/side:v1");
  const auto before = rollout::uids_of(old_pods());
  const auto ended = runner.release("v1.6.0", {kPaced});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(rollout::uids_of(old_pods()), before);
  EXPECT_EQ(finding("kept-connections-moved")["outcome"].string(), "warn");
}

TEST_F(RenewalTest, LeftAloneWhereATagLeadsElsewhereByNow) {
  // The playground's pods run one image; the second container's tag is another one's.
  runner.playground.set_fault("v1.4.0");
  add_container(runner, runner.playground.image() + ":v1.4.0");
  const auto before = rollout::uids_of(old_pods());
  const auto ended = runner.release("v1.6.0", {kPaced, "--set=kubernetes.container=myapp"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(rollout::uids_of(old_pods()), before);
  EXPECT_NE(finding("kept-connections-moved")["message"].string().find("in the registry"), std::string::npos);
}

TEST_F(RenewalTest, WhatWasDeniedIsSaid) {
  runner.playground.sandbox().set_witness([](const sandbox::Question& question, sandbox::Moment moment) {
    if (question.method == "DELETE" && moment == sandbox::Moment::before)
      throw sandbox::Refusal(403, "Forbidden", "pods is forbidden");
    return true;
  });
  const auto ended = runner.release("v1.6.0", {kPaced});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(finding("kept-connections-moved")["outcome"].string(), "warn");
}

class SinglePodTest : public RenewalTest {
 protected:
  SinglePodTest() : RenewalTest(1) {}
};

TEST_F(SinglePodTest, IsTheWholeWayBack) {
  const auto before = rollout::uids_of(old_pods());
  EXPECT_EQ(runner.release("v1.6.0", {kPaced}).code, 0);
  EXPECT_EQ(rollout::uids_of(old_pods()), before);
}

TEST_F(RenewalTest, AKeptNumberStaysAndARollbackScalesItUpFirst) {
  EXPECT_EQ(runner.release("v1.6.0", {"--set=switch.keep=1"}).code, 0);
  EXPECT_EQ(runner.replicas("myapp"), 1);
  const auto back = runner.run("rollback", {"--release=v1.6.0", "--reason=customers call"});
  EXPECT_EQ(back.code, 0) << back.output << back.error;
  EXPECT_EQ(runner.replicas("myapp"), 2);
  EXPECT_EQ(runner.release("v1.6.0", {"--set=switch.keep=0"}).code, 2);
}

}  // namespace
}  // namespace baton::cutover
