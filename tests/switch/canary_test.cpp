// baton-switch run with switch.strategy: canary, by the number of pods.
#include <gtest/gtest.h>

#include <thread>

#include "common/core/text.h"
#include "tests/sandbox/load.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> canary(const std::string& steps, const std::string& hold = "1s") {
  return {"--set=switch.strategy=canary", "--set=switch.canary={steps: " + steps + ", hold: " + hold + "}"};
}

std::vector<Json> found(const Json& handoff, std::string_view id) {
  std::vector<Json> findings;
  for (const auto& finding : handoff["findings"].items())
    if (finding["id"].string() == id) findings.push_back(finding);
  return findings;
}

TEST(CanaryTest, GivesTheReleaseItsSharesOneAfterAnotherAndLosesNoRequest) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts = sandbox::run_load({.url = runner.playground.front_url() + "/api/users", .rps = 100, .lasting = 60s}, stop);
  });
  const auto ended = runner.release("v1.6.0", canary("[25%, 50%, 100%]"));
  load.request_stop();
  load.join();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
  EXPECT_EQ(runner.replicas("myapp-green"), 3);
  const auto shares = found(runner.handoff(), "canary-share");
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_EQ(shares[0]["expected"].string(), "25 %");
  EXPECT_NEAR(std::stod(shares[0]["observed"].string()), 25, 10);  // 1 of 4 pods
  EXPECT_NEAR(std::stod(shares[1]["observed"].string()), 50, 10);
  EXPECT_EQ(found(runner.handoff(), "canary-held").size(), 2U);
  EXPECT_EQ(runner.handoff()["state"]["move"]["strategy"].string(), "canary");
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_EQ(counts.server_errors, 0U);
}

TEST(CanaryTest, AReleaseThatIsBadAtItsFirstShareIsTakenBack) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0", "crash-loop after=6s");
  const auto ended = runner.release("v1.6.0", canary("[25%, 100%]", "20s"));
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_EQ(runner.replicas("myapp"), 3);
}

// Nobody goes on by himself where a person was asked for.
TEST(CanaryTest, WaitsBehindAStageForAPersonAndGoesOnWhenItIsRunAgain) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  const auto options = canary("[25%, 50%, 100%]");
  const auto ready = runner.release("v1.6.0", with(options, {"--until=ready"}));
  EXPECT_EQ(ready.code, 75) << ready.output << ready.error;
  EXPECT_TRUE(test::says(ready.output, "Waiting for approval 25%"));
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 1);

  const auto waiting = runner.release("v1.6.0", with(options, {"--until=25%"}));
  EXPECT_EQ(waiting.code, 75) << waiting.output << waiting.error;
  EXPECT_TRUE(test::says(waiting.output, "Waiting for approval 50%"));
  EXPECT_EQ(runner.selector(), kOriginal);
  EXPECT_TRUE(test::says(runner.run("status").output, "given 25 % of the traffic, not judged to its end"));
  const auto again = runner.release("v1.6.0", with(options, {"--until=25%"}));
  EXPECT_EQ(again.code, 75) << again.output << again.error;

  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
  EXPECT_EQ(found(runner.handoff(), "canary-held").size(), 2U);
  EXPECT_FALSE(found(runner.handoff(), "one-service").empty()) << "what the first run looked at counts";
}

TEST(CanaryTest, ABadReleaseThatWaitsIsTakenBackWhenItIsLookedAt) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  const auto options = with(canary("[25%, 100%]"), {"--until=25%"});
  ASSERT_EQ(runner.release("v1.6.0", options).code, 75);
  runner.playground.set_fault("v1.6.0", "never-ready");
  for (const auto& pod : runner.kube.list(kube::kPods, {.labels = "version=green"}))
    runner.kube.remove(kube::kPods, pod["metadata"]["name"].string());
  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kBlue);
}

TEST(CanaryTest, APersonTakesItBackWhileItWaits) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0", with(canary("[25%, 100%]"), {"--until=25%"})).code, 75);
  const auto ended = runner.run("rollback", {"--reason=customers call"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
}

TEST(CanaryTest, AnotherDeploymentTakesAWaitingOneBackFirst) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  runner.playground.set_fault("v1.6.1");
  ASSERT_EQ(runner.release("v1.6.0", with(canary("[25%, 100%]"), {"--until=25%"})).code, 75);
  fs::remove_all(runner.folder.path() / ".baton");
  const auto ended = runner.release("v1.6.1", canary("[50%, 100%]"));
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
}

// Half of the users are with the new colour: it is taken from them before its pods go.
TEST(CanaryTest, APolicyThatSaysNoToTheRestTakesTheShareBack) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  const auto options = canary("[25%, 100%]");
  ASSERT_EQ(runner.release("v1.6.0", with(options, {"--until=25%"})).code, 75);
  runner.playground.sandbox().access().set_policy("the Service is frozen", "Service", R"("version":"green")");
  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
}

// Both selected, but not by us.
TEST(CanaryTest, ASelectorThatSomebodyNarrowedMeanwhileIsNoticed) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  const auto options = canary("[25%, 100%]");
  ASSERT_EQ(runner.release("v1.6.0", with(options, {"--until=25%"})).code, 75);
  auto service = runner.kube.get(kube::kServices, "myapp");
  service["spec"]["selector"]["version"] = "purple";
  runner.kube.replace(kube::kServices, service, {}, kube::Write::stored);
  EXPECT_EQ(runner.release("v1.6.0", options).code, 7);
}

// A worker's pods carry the app's label, too: without the colour's key the Service would send users to them.
TEST(CanaryTest, PodsOfOthersThatTheSharesWouldReachAreRefusedBeforeAnything) {
  Runner runner({.replicas = 2});
  runner.playground.set_fault("v1.6.0");
  runner.playground.set_fault("v1.6.1");
  ASSERT_EQ(runner.release("v1.6.0").code, 0);  // the Service knows colours from now on
  runner.playground.set_fault("v1.4.0");
  runner.playground.create(replace_all(kWorker, "app: mailer", "app: myapp, role: mailer"));
  runner.playground.await_rollout("mailer");
  const auto before = runner.writable_state();
  const auto ended = runner.release("v1.6.1", canary("[50%, 100%]"));
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "the Service would select 'app=myapp', and with it pod 'mailer-"));
  EXPECT_EQ(runner.writable_state(), before);
}

TEST(CanaryTest, AStageThatThereIsNotIsRefusedBeforeAnything) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto before = runner.writable_state();
  const auto ended = runner.release("v1.6.0", with(canary("[25%, 100%]"), {"--until=30%"}));
  EXPECT_EQ(ended.code, 2);
  EXPECT_TRUE(test::says(ended.error, "ready, 25%, 100%"));
  EXPECT_EQ(runner.writable_state(), before);
}

TEST(CanaryTest, BlueGreenWaitsBeforeAnyTraffic) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto waiting = runner.release("v1.6.0", {"--until=ready"});
  EXPECT_EQ(waiting.code, 75) << waiting.output << waiting.error;
  EXPECT_TRUE(test::says(waiting.output, "Waiting for approval 100%"));
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.release("v1.6.0").code, 0);
  EXPECT_EQ(runner.selector(), kGreen);
}

// What was adopted wears the next colour under a name of its own, and stands at its size until finalize.
TEST(CanaryTest, OneFollowsAnother) {
  Runner runner({.replicas = 2});
  for (const auto* version : {"v1.6.0", "v1.6.1", "v1.6.2"}) {
    runner.playground.set_fault(version);
    const auto ended = runner.release(version, canary("[50%, 100%]"));
    EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  }
  EXPECT_EQ(runner.selector(), kGreen);
  EXPECT_EQ(runner.replicas("myapp"), 0);
}

}  // namespace
}  // namespace baton::cutover
