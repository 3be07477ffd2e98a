// Real processes: a signal ends a step in order, a second one at once, and a kill leaves what can be resumed.
#include "common/cli/signals.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "common/core/text.h"
#include "common/frame/tool.h"
#include "common/io/process.h"
#include "tests/support/step_scene.h"

namespace baton {
namespace {

/// This very binary, started again as a tool: it runs only Child.Runs, told what to do by the environment.
ProcessRequest child(const Scene& scene, const std::string& behaviour) {
  return {.argv = {"/proc/self/exe", "--gtest_filter=Child.Runs"},
          .timeout = std::chrono::seconds(20),
          .environment = {{"BATON_TEST_CHILD", behaviour}, {"BATON_TEST_DIR", scene.dir().string()}}};
}

void signal_self(int number) { kill(getpid(), number); }

StepResult behave(const std::string& behaviour, Env& env) {
  env.log_line("began");
  if (behaviour == "killed") signal_self(SIGKILL);
  if (behaviour == "interrupted") signal_self(SIGINT);
  if (behaviour == "hung-up") signal_self(SIGHUP);
  if (behaviour == "terminated" || behaviour == "twice") signal_self(SIGTERM);
  env.clock.sleep_for(std::chrono::seconds(10), env.stop);
  if (behaviour == "twice") signal_self(SIGINT);
  return {.verdict = Verdict::again};
}

TEST(Child, Runs) {
  const char* behaviour = std::getenv("BATON_TEST_CHILD");
  if (behaviour == nullptr) GTEST_SKIP() << "only as a child of SignalsTest";
  Tool tool("precheck", "Test.");
  tool.verb(
      {.name = "run", .help = "", .kind = VerbKind::step, .run = [&](Env& env) { return behave(behaviour, env); }});
  const char* words[] = {
      "baton-precheck", "--set", "app=shop", "--release", "v1", "--dir", std::getenv("BATON_TEST_DIR")};
  std::_Exit(static_cast<int>(tool.run(7, words)));
}

TEST(SignalsTest, EndsInOrderWithTheSignalsCode) {
  for (const auto& [behaviour, code] :
       {std::pair{"interrupted", 130}, std::pair{"terminated", 143}, std::pair{"hung-up", 143}}) {
    const Scene scene;
    EXPECT_EQ(run_process(child(scene, behaviour)).exit_code, code);
    EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::again);
    EXPECT_TRUE(says(scene.bytes("deployment-log-v1.txt"), "began"));
  }
}

TEST(SignalsTest, EndsAtOnceOnASecondSignal) {
  const Scene scene;
  EXPECT_EQ(run_process(child(scene, "twice")).exit_code, 130);
  EXPECT_FALSE(fs::exists(scene.dir() / "deployment-log-v1.txt"));
}

TEST(SignalsTest, LeavesAFileThatCanBeResumedWhenKilled) {
  const Scene scene;
  EXPECT_EQ(run_process(child(scene, "killed")).exit_code, 128 + SIGKILL);
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::again);
  const std::string id = scene.handoff("precheck").release.id;
  const ProcessResult done = run_process(child(scene, "interrupted"));
  EXPECT_EQ(done.exit_code, 130);
  EXPECT_EQ(scene.handoff("precheck").release.id, id);
  EXPECT_EQ(scene.handoff("precheck").state["log"].size(), 2U);
}

TEST(SignalsTest, PutsTheHandlersBack) {
  struct sigaction before {};
  sigaction(SIGTERM, nullptr, &before);
  { const StopSignals signals; }
  struct sigaction after {};
  sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(SignalsTest, StopsAtTheDeadlineAndSaysSo) {
  SystemClock clock;
  StopSignals signals;
  EXPECT_FALSE(signals.reason());
  signals.set_deadline(clock, std::chrono::milliseconds(5));
  EXPECT_FALSE(clock.sleep_for(std::chrono::seconds(10), signals.token()));
  EXPECT_EQ(signals.reason(), ExitCode::deadline);
}

}  // namespace
}  // namespace baton
