// baton-switch run with switch.strategy: rolling.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "common/rollout/pods.h"
#include "tests/sandbox/load.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

Ended roll(Runner& runner, std::vector<std::string> more = {}) {
  more.push_back("--set=switch.strategy=rolling");
  return runner.release("v1.6.0", more);
}

Json strategy(Runner& runner) { return runner.kube.get(kube::kDeployments, "myapp")["spec"]["strategy"]; }

TEST(RollingTest, RollsTheLiveDeploymentPodByPodAndLosesNoRequest) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  const auto before = strategy(runner);
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts = sandbox::run_load({.url = runner.playground.front_url() + "/api/users", .rps = 100, .lasting = 60s}, stop);
  });
  const auto ended = roll(runner);
  load.request_stop();
  load.join();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.error, "1 of 3 pods run v1.6.0"));
  EXPECT_TRUE(test::says(ended.error, "3 of 3 pods run v1.6.0"));
  EXPECT_EQ(runner.selector(), kOriginal);
  EXPECT_EQ(runner.replicas("myapp-green"), -1);
  EXPECT_NE(runner.image("myapp").find("@sha256:"), std::string::npos);
  EXPECT_EQ(strategy(runner), before);
  EXPECT_EQ(runner.handoff()["state"]["move"]["strategy"].string(), "rolling");
  EXPECT_TRUE(runner.handoff()["state"]["old"].is_null());
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_EQ(counts.server_errors, 0U);
}

TEST(RollingTest, NeverHasMoreThanOnePodMoreOrAnyMissing) {
  Runner runner({.replicas = 3, .start_delay = 300ms});
  runner.playground.set_fault("v1.6.0");
  int most = 0;
  int least = 100;
  std::jthread watch([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto pods = runner.kube.list(kube::kPods);
      int standing = 0;
      for (const auto& pod : pods) standing += rollout::is_terminating(pod) ? 0 : 1;
      most = std::max(most, standing);
      least = std::min(least, static_cast<int>(rollout::ready_pods(pods).size()));
      runner.clock.sleep_for(20ms, {});
    }
  });
  EXPECT_EQ(roll(runner).code, 0);
  watch.request_stop();
  watch.join();
  EXPECT_EQ(most, 4);
  EXPECT_GE(least, 3);
}

TEST(RollingTest, TheFirstPodThatFailsEndsItAndTheOthersNeverStopped) {
  for (const auto* fault : {"crash-loop", "errors=100%"}) {
    Runner runner({.replicas = 3});
    runner.playground.set_fault("v1.6.0", fault);
    const auto image = runner.image("myapp");
    const auto pods = rollout::uids_of(runner.kube.list(kube::kPods));
    const auto before = strategy(runner);
    const auto ended = roll(runner);
    EXPECT_EQ(ended.code, 4) << fault << ended.output << ended.error;
    EXPECT_EQ(runner.image("myapp"), image);
    EXPECT_EQ(strategy(runner), before);
    // A smoke test that a busy machine takes long for may see the next one go; a pod that is not ready never does.
    const auto there = rollout::uids_of(runner.kube.list(kube::kPods));
    const auto kept = std::ranges::count_if(pods, [&](const auto& uid) { return there.contains(uid); });
    EXPECT_GE(kept, std::string_view(fault) == "crash-loop" ? 3 : 2) << fault << ": live pods were replaced";
  }
}

TEST(RollingTest, AReleaseThatGoesBadInTheSoakIsTakenBack) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "crash-loop after=4s");
  const auto image = runner.image("myapp");
  const auto ended = roll(runner, {"--set=switch.soak=20s", "--set=switch.soak_max=20s"});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(runner.image("myapp"), image);
}

TEST(RollingTest, APersonTakesItBack) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto image = runner.image("myapp");
  ASSERT_EQ(roll(runner).code, 0);
  const auto ended = runner.run("rollback", {"--reason=customers call"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.image("myapp"), image);
  EXPECT_EQ(runner.replicas("myapp"), 2);
}

TEST(RollingTest, WhatAPersonWaitsForHasNotBegun) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto image = runner.image("myapp");
  const auto waiting = roll(runner, {"--until=ready"});
  EXPECT_EQ(waiting.code, 75) << waiting.output << waiting.error;
  EXPECT_EQ(runner.image("myapp"), image);
  EXPECT_EQ(roll(runner).code, 0);
}

TEST(RollingTest, SaysWhatItWouldDo) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto before = runner.writable_state();
  const auto ended = roll(runner, {"--dry-run"});
  EXPECT_EQ(ended.code, 0) << ended.error;
  EXPECT_TRUE(test::says(ended.output, "roll 2 pods of 'myapp' over"));
  EXPECT_EQ(runner.writable_state(), before);
}

// A policy that takes no new image: nothing moved, and the owner's pace is there again.
TEST(RollingTest, APolicyThatSaysNoLeavesAllAsItWas) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto before = strategy(runner);
  const auto image = runner.image("myapp");
  runner.playground.sandbox().access().set_policy("images are pinned by nobody", "Deployment", "@sha256");
  const auto ended = roll(runner);
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(runner.image("myapp"), image);
  EXPECT_EQ(strategy(runner), before);
}

}  // namespace
}  // namespace baton::cutover
