// switch.rehearsal: what a release is asked before any user meets it.
#include <gtest/gtest.h>

#include <thread>

#include "tests/sandbox/load.h"
#include "tests/support/background.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> rehearsed(int requests, std::vector<std::string> more = {}) {
  more.push_back("--set=switch.rehearsal=" + std::to_string(requests));
  more.push_back("--set=switch.smoke=[{path: /api/users, kind: api}]");
  return more;
}

Json rehearsal_in(const Json& handoff) {
  for (const auto& finding : handoff["findings"].items())
    if (finding["id"] == Json("rehearsal")) return finding;
  return Json::object();
}

// Smoke alone asks each entry three times and lets such a release through.
TEST(RehearsalTest, AReleaseWithEightPercentErrorsIsStoppedBeforeAnyUser) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "errors=8%");
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts = sandbox::run_load({.url = runner.playground.front_url() + "/api/users", .rps = 100, .lasting = 60s}, stop);
  });
  const auto ended = runner.release("v1.6.0", rehearsed(400));
  load.request_stop();
  load.join();
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "of 192 rehearsal requests to 'myapp-green' failed")) << "no more than needed";
  EXPECT_TRUE(test::says(ended.output, "'/api/users' 14 of 192, first: status 500, wanted 200"));
  EXPECT_EQ(rehearsal_in(runner.handoff())["outcome"].string_or(""), "fail");
  EXPECT_EQ(runner.selector(), kOriginal);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_GT(counts.total, 0U);
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_EQ(counts.server_errors, 0U);
  EXPECT_EQ(counts.fresh["v1.6.0"].answers, 0U);
}

// Three of four requests ask for what never fails.
TEST(RehearsalTest, OnePathThatFailsIsNotMadeUpForByTheOthers) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "errors=8%");
  auto options = rehearsed(400);
  options.back() = "--set=switch.smoke=[{path: /health}, {path: /version}, {path: /api/health/db}, {path: /api/users}]";
  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kOriginal);
}

TEST(RehearsalTest, AGoodReleaseGoesOnAndAllItsRequestsAreCounted) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0");
  const auto ended = runner.release("v1.6.0", rehearsed(100));
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto finding = rehearsal_in(runner.handoff());
  EXPECT_EQ(finding["outcome"].string_or(""), "pass");
  EXPECT_EQ(finding["observed"].string_or(""), "0 of 100 failed");
}

TEST(RehearsalTest, WithoutTheKeyNobodyRehearses) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  EXPECT_EQ(rehearsal_in(runner.handoff()).size(), 0U);
}

// 1 % are no more than the limit, whatever the count says.
TEST(RehearsalTest, FewerFailuresThanAreBeyondDoubtWarn) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "errors=1%");
  const auto ended = runner.release("v1.6.0", rehearsed(400));
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto finding = rehearsal_in(runner.handoff());
  EXPECT_EQ(finding["outcome"].string_or(""), "warn");
  EXPECT_TRUE(test::says(finding["message"].string_or(""), "of 400 rehearsal requests to 'myapp-green' failed"));
  EXPECT_EQ(runner.handoff()["verdict"].string(), "caution");
}

TEST(RehearsalTest, BeforeAPersonIsWaitedForAndAgainInTheNextRun) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto waiting = runner.release("v1.6.0", rehearsed(50, {"--until=ready"}));
  EXPECT_EQ(waiting.code, 75) << waiting.output << waiting.error;
  EXPECT_TRUE(test::says(waiting.error, "Rehearsal on green: 0 of 50 failed"));
  runner.playground.set_fault("v1.6.0", "errors=8%");
  const auto ended = runner.release("v1.6.0", rehearsed(400));
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
}

TEST(RehearsalTest, ACanaryRehearsesBeforeItsFirstShare) {
  Runner runner({.replicas = 3});
  runner.playground.set_fault("v1.6.0", "errors=8%");
  const auto ended = runner.release(
      "v1.6.0", rehearsed(400, {"--set=switch.strategy=canary", "--set=switch.canary={steps: [25%, 100%], hold: 1s}"}));
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kOriginal);
}

// What the API server says no to was never asked of the release.
TEST(RehearsalTest, TooFewAnswersAreNeitherAPassNorTheReleasesFailure) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "latency=50ms");
  std::vector<std::string> argv{"env", "KUBECONFIG=" + runner.playground.kubeconfig()};
  const auto command = runner.command("run", rehearsed(400, {"--release=v1.6.0"}));
  argv.insert(argv.end(), command.begin(), command.end());
  const auto log = runner.folder.path() / "run.log";
  const test::Background running(argv, log);
  const auto await = [&](std::string_view line) {
    for (int look = 0; look < 3000 && read_file(log).find(line) == std::string::npos; ++look)
      runner.clock.sleep_for(10ms, {});
  };
  await("Rehearsal on green: 400 requests");
  runner.playground.sandbox().access().deny("get pods/proxy");
  await(" of 400 answered");
  runner.playground.sandbox().access().allow("get pods/proxy");
  await("Handoff ");
  const auto finding = rehearsal_in(runner.handoff());
  EXPECT_EQ(finding["outcome"].string_or(""), "unknown") << read_file(log);
  EXPECT_TRUE(test::says(finding["message"].string_or(""), "of 400 rehearsal requests were answered: "));
  EXPECT_EQ(runner.handoff()["verdict"].string(), "caution");
}

TEST(RehearsalTest, ThePlanShowsIt) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto ended = runner.run("plan", rehearsed(400, {"--release=v1.6.0"}));
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "smoked with 1 probe, rehearsed with 400 requests"));
}

}  // namespace
}  // namespace baton::cutover
