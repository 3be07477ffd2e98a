// kill -9 at any moment, then the same command again: the end is the one it would have had.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "common/config/sections/handoff.h"
#include "tests/support/background.h"
#include "tests/support/refusal.h"
#include "tests/switch/stage.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

void kill_after(Stage& stage, const std::vector<std::string>& options, Duration moment) {
  std::vector<std::string> argv{"env", "KUBECONFIG=" + stage.playground.kubeconfig()};
  const auto command = stage.command("run", options);
  argv.insert(argv.end(), command.begin(), command.end());
  const test::Background running(argv, stage.folder.path() / "killed.log");
  stage.clock.sleep_for(moment, {});
  running.signal(SIGKILL);
}

bool names_a_failure(const Json& handoff) {
  const auto& findings = handoff["findings"].items();
  return std::any_of(findings.begin(), findings.end(), [](const Json& one) { return one["outcome"] == Json("fail"); });
}

/// Moments all over a run; the seed is fixed, so that a failure can be seen again.
std::vector<Duration> moments(Duration length, int count) {
  std::mt19937 random(20251104);
  std::uniform_int_distribution<std::int64_t> within(10, length.count());
  std::vector<Duration> chosen;
  for (int i = 0; i < count; ++i) chosen.emplace_back(within(random));
  return chosen;
}

TEST(KillTest, AGoodReleaseIsKeptWheneverItsRunIsKilled) {
  for (const auto moment : moments(3s, 4)) {
    Stage stage;
    stage.playground.set_fault("v1.6.0");
    kill_after(stage, {"--release=v1.6.0"}, moment);
    const auto ended = stage.release("v1.6.0");
    EXPECT_EQ(ended.code, 0) << "killed after " << moment.count() << " ms\n" << ended.output << ended.error;
    EXPECT_EQ(stage.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "green"}}));
    EXPECT_EQ(stage.replicas("myapp"), 2);
    EXPECT_EQ(stage.replicas("myapp-green"), 2);
  }
}

TEST(KillTest, ABadReleaseIsRolledBackWheneverItsRunIsKilled) {
  const std::vector<std::string> options{"--release=v1.6.0", "--set=switch.soak=20s", "--set=switch.soak_max=20s"};
  for (const auto moment : moments(7s, 3)) {
    Stage stage;
    stage.playground.set_fault("v1.6.0", "crash-loop after=3s");
    kill_after(stage, options, moment);
    const auto ended = stage.run("run", options);
    EXPECT_EQ(ended.code, 4) << "killed after " << moment.count() << " ms\n" << ended.output << ended.error;
    EXPECT_EQ(stage.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "blue"}}));
    EXPECT_EQ(stage.replicas("myapp"), 2);
    EXPECT_EQ(stage.replicas("myapp-green"), 0);
    EXPECT_TRUE(names_a_failure(stage.handoff())) << "killed after " << moment.count() << " ms";
  }
}

TEST(StopTest, InTheSoakSaysWhoServesAndHowToGoOnOrBack) {
  Stage stage;
  stage.playground.set_fault("v1.6.0");
  std::vector<std::string> argv{"env", "KUBECONFIG=" + stage.playground.kubeconfig()};
  const auto command = stage.command("run", {"--release=v1.6.0", "--set=switch.soak=60s", "--set=switch.soak_max=60s"});
  argv.insert(argv.end(), command.begin(), command.end());
  const auto log = stage.folder.path() / "stopped.log";
  {
    const test::Background running(argv, log);
    const auto is_soaking = [&] { return read_file(log).find("to stay healthy") != std::string::npos; };
    for (int look = 0; look < 600 && !is_soaking(); ++look) stage.clock.sleep_for(50ms, {});
    running.signal(SIGINT);
    for (int look = 0; look < 200 && running.is_running(); ++look) stage.clock.sleep_for(50ms, {});
  }
  const auto said = read_file(log);
  EXPECT_TRUE(
      test::says(said, "'myapp-green' serves v1.6.0, the switch is not judged to its end, and nobody watches it: "));
  EXPECT_TRUE(test::says(said, "run the same command again; to go back: baton-switch rollback myapp -n production"));
  EXPECT_TRUE(test::says(said, "(exit 130)"));
}

TEST(KillTest, AnotherDeploymentUndoesWhatAKilledOneLeft) {
  Stage stage;
  stage.playground.set_fault("v1.6.0");
  stage.playground.set_fault("v1.6.1");
  kill_after(stage, {"--release=v1.6.0", "--set=switch.soak=60s", "--set=switch.soak_max=60s"}, 4s);
  const auto ended = stage.release("v1.6.1", {"--dir=" + (stage.folder.path() / "second").string()});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_NE(ended.error.find("was left unfinished"), std::string::npos) << ended.error;
  EXPECT_EQ(stage.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "green"}}));
  EXPECT_NE(stage.image("myapp-green").find("sha256:"), std::string::npos);
}

}  // namespace
}  // namespace baton::cutover
