// kill -9 at any moment, then the same command again: the end is the one it would have had.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "common/config/sections/handoff.h"
#include "tests/support/background.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

void kill_after(Runner& runner, const std::vector<std::string>& options, Duration moment) {
  std::vector<std::string> argv{"env", "KUBECONFIG=" + runner.playground.kubeconfig()};
  const auto command = runner.command("run", options);
  argv.insert(argv.end(), command.begin(), command.end());
  const test::Background running(argv, runner.folder.path() / "killed.log");
  runner.clock.sleep_for(moment, {});
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
    Runner runner;
    runner.playground.set_fault("v1.6.0");
    kill_after(runner, {"--release=v1.6.0"}, moment);
    const auto ended = runner.release("v1.6.0");
    EXPECT_EQ(ended.code, 0) << "killed after " << moment.count() << " ms\n" << ended.output << ended.error;
    EXPECT_EQ(runner.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "green"}}));
    EXPECT_EQ(runner.replicas("myapp"), 2);
    EXPECT_EQ(runner.replicas("myapp-green"), 2);
  }
}

TEST(KillTest, ABadReleaseIsRolledBackWheneverItsRunIsKilled) {
  const std::vector<std::string> options{"--release=v1.6.0", "--set=switch.soak=20s", "--set=switch.soak_max=20s"};
  for (const auto moment : moments(7s, 3)) {
    Runner runner;
    runner.playground.set_fault("v1.6.0", "crash-loop after=3s");
    kill_after(runner, options, moment);
    const auto ended = runner.run("run", options);
    EXPECT_EQ(ended.code, 4) << "killed after " << moment.count() << " ms\n" << ended.output << ended.error;
    EXPECT_EQ(runner.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "blue"}}));
    EXPECT_EQ(runner.replicas("myapp"), 2);
    EXPECT_EQ(runner.replicas("myapp-green"), 0);
    EXPECT_TRUE(names_a_failure(runner.handoff())) << "killed after " << moment.count() << " ms";
  }
}

TEST(StopTest, InTheSoakSaysWhoServesAndHowToGoOnOrBack) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  std::vector<std::string> argv{"env", "KUBECONFIG=" + runner.playground.kubeconfig()};
  const auto command =
      runner.command("run", {"--release=v1.6.0", "--set=switch.soak=60s", "--set=switch.soak_max=60s"});
  argv.insert(argv.end(), command.begin(), command.end());
  const auto log = runner.folder.path() / "stopped.log";
  {
    const test::Background running(argv, log);
    const auto is_soaking = [&] { return read_file(log).find("to stay healthy") != std::string::npos; };
    for (int look = 0; look < 600 && !is_soaking(); ++look) runner.clock.sleep_for(50ms, {});
    running.signal(SIGINT);
    for (int look = 0; look < 200 && running.is_running(); ++look) runner.clock.sleep_for(50ms, {});
  }
  const auto said = read_file(log);
  EXPECT_TRUE(
      test::says(said, "'myapp-green' serves v1.6.0, the switch is not judged to its end, and nobody watches it: "));
  EXPECT_TRUE(test::says(said, "run the same command again; to go back: baton-switch rollback myapp -n production"));
  EXPECT_TRUE(test::says(said, "(exit 130)"));
}

TEST(KillTest, AnotherDeploymentUndoesWhatAKilledOneLeft) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  runner.playground.set_fault("v1.6.1");
  kill_after(runner, {"--release=v1.6.0", "--set=switch.soak=60s", "--set=switch.soak_max=60s"}, 4s);
  const auto ended = runner.release("v1.6.1", {"--dir=" + (runner.folder.path() / "second").string()});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_NE(ended.error.find("was left unfinished"), std::string::npos) << ended.error;
  EXPECT_EQ(runner.selector(), (rollout::Labels{{"app", "myapp"}, {"version", "green"}}));
  EXPECT_NE(runner.image("myapp-green").find("sha256:"), std::string::npos);
}

}  // namespace
}  // namespace baton::cutover
