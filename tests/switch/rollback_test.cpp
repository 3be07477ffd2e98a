// Traffic goes back: by the soak, by a person, and never for a metrics store that is away.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "common/config/sections/handoff.h"
#include "common/io/process.h"
#include "common/rollout/intent.h"
#include "tests/sandbox/load.h"
#include "tests/support/places.h"
#include "tests/support/prometheus.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;
using test::says;

TEST(SoakTest, AReleaseWhosePodsCrashInTheSoakIsRolledBackAndDrained) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "crash-loop after=3s");
  const auto ended = runner.release("v1.6.0", {"--set=switch.soak=20s", "--set=switch.soak_max=20s"});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_TRUE(fs::exists(runner.folder.path() / ".baton/post-rollback-analysis-v1.6.0.md"));
  EXPECT_EQ(runner.handoff()["verdict"].string(), "rolled-back");
}

TEST(SoakTest, ADigestThatWasRolledBackIsRefusedUntilAPersonSaysOtherwise) {
  Runner runner;
  runner.playground.set_fault("v1.6.0", "crash-loop after=3s");
  ASSERT_EQ(runner.release("v1.6.0", {"--set=switch.soak=20s", "--set=switch.soak_max=20s"}).code, 4);
  runner.playground.set_fault("v1.6.0");
  const auto refused = runner.release("v1.6.0", {"--dir=" + (runner.folder.path() / "second").string()});
  EXPECT_EQ(refused.code, 3) << refused.output << refused.error;
  EXPECT_EQ(runner.selector(), kBlue);
  const auto retried =
      runner.release("v1.6.0", {"--dir=" + (runner.folder.path() / "third").string(), "--retry-failed-digest"});
  EXPECT_EQ(retried.code, 0) << retried.output << retried.error;
  EXPECT_EQ(runner.selector(), kGreen);
}

TEST(SoakTest, AMetricsStoreThatIsAwayRollsNothingBack) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const std::vector<std::string> away = {"--set=metrics.prometheus=http://127.0.0.1:9"};
  for (int run = 1; run <= 2; ++run) {
    const auto ended = runner.release("v1.6.0", away);
    EXPECT_EQ(ended.code, 6) << ended.output << ended.error;
    EXPECT_TRUE(test::says(ended.error, "held: cannot reach")) << ended.error;
    EXPECT_EQ(runner.selector(), kGreen);
  }
  EXPECT_EQ(runner.release("v1.6.0").code, 0) << "a run that needs no metrics ends it";
}

TEST(SoakTest, AnApiServerThatIsAwayRollsNothingBack) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  auto& relay = runner.behind_relay();
  auto running = std::async(std::launch::async, [&] {
    return runner.release("v1.6.0", {"--set=switch.soak=5s", "--set=switch.soak_max=30s"});
  });
  while (!runner.is_proved() && running.wait_for(50ms) == std::future_status::timeout) continue;
  std::this_thread::sleep_for(500ms);  // the answer that it was remembered is still on its way
  relay.refuse(true);
  EXPECT_EQ(running.wait_for(7s), std::future_status::timeout) << "it ended without knowing whether the pods are ready";
  relay.refuse(false);
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_NE(ended.error.find("held: the cluster cannot be asked"), std::string::npos) << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
}

TEST(SoakTest, WhoCannotAskAnyMoreSaysFirstThatAnUnjudgedReleaseIsLive) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  auto& relay = runner.behind_relay();
  auto running = std::async(std::launch::async, [&] { return runner.release("v1.6.0"); });
  while (runner.selector() != kGreen && running.wait_for(1ms) == std::future_status::timeout) continue;
  relay.refuse(true);
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 6) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("'myapp-green' may serve v1.6.0, and nobody could judge it"), std::string::npos)
      << ended.output << ended.error;
  relay.refuse(false);
  EXPECT_EQ(runner.release("v1.6.0").code, 0) << "the next run takes it up";
}

TEST(SoakTest, AReleaseThatFailsRequestsIsRolledBackByItsMetrics) {
  Runner runner;
  const auto api = runner.playground.api_url();
  const test::PrometheusServer store(api.substr(std::string("http://").size()), "/sandbox/metrics");
  const std::jthread load([&](const std::stop_token& stop) {
    sandbox::run_load(
        {.url = runner.playground.front_url() + "/api/users", .rps = 100, .lasting = std::chrono::seconds(60)}, stop);
  });
  runner.playground.set_fault("v1.6.0", "errors=30%");
  const auto ended = runner.release(
      "v1.6.0", {"--set=metrics.prometheus=" + store.url(), "--set=watch.baseline=3s", "--set=switch.soak=20s",
                 "--set=switch.soak_max=20s", "--set=switch.smoke=[{path: /health}]"});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("error rate"), std::string::npos) << ended.output;
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
}

TEST(ByHandTest, PutsTrafficBackWithNoneOfOurFiles) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  const auto ended = runner.run(
      "rollback", {"--reason=payments are slow", "--by=jo", "--dir=" + (runner.folder.path() / "elsewhere").string()});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  const auto record = runner.kube.get(kube::kServices, "myapp")["metadata"]["annotations"]["baton/move"].string();
  EXPECT_NE(record.find("payments are slow"), std::string::npos);
  EXPECT_NE(record.find("\"jo\""), std::string::npos);
}

TEST(ByHandTest, IsJudgedByTheBaselineThatTheSwitchRecorded) {
  Runner runner;
  const auto api = runner.playground.api_url().substr(std::string("http://").size());
  const test::PrometheusServer store(api, "/sandbox/metrics");
  const std::jthread load([&](const std::stop_token& stop) {
    sandbox::run_load(
        {.url = runner.playground.front_url() + "/api/users", .rps = 100, .lasting = std::chrono::seconds(60)}, stop);
  });
  runner.playground.set_fault("v1.6.0");
  std::this_thread::sleep_for(8s);  // what the old colour did, to be measured
  const std::vector<std::string> settings{"--set=watch.baseline=4s", "--set=watch.step=1s", "--set=switch.soak=2s",
                                          "--set=switch.soak_max=12s", "--set=switch.verify_rollback=6s"};
  const auto with = [&](std::vector<std::string> words, const test::PrometheusServer& metrics) {
    words.push_back("--set=metrics.prometheus=" + metrics.url());
    words.insert(words.end(), settings.begin(), settings.end());
    return words;
  };
  runner.release("v1.6.0", with({}, store));
  const auto move = parse_json(
      runner.kube.get(kube::kServices, "myapp")["metadata"]["annotations"][rollout::kMoveAnnotation].string(), "move");
  ASSERT_EQ(move["phase"].string(), "kept") << to_text(move);
  EXPECT_EQ(move["baseline"]["pods"].items().size(), 1U) << "of one ReplicaSet";
  // Another store knows nothing of the time before.
  const test::PrometheusServer fresh(api, "/sandbox/metrics");
  std::this_thread::sleep_for(4s);
  const auto ended = runner.run("rollback", with({"--reason=r", "--by=jo"}, fresh));
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto analysis = read_file(runner.folder.path() / ".baton/post-rollback-analysis-v1.6.0.md");
  EXPECT_EQ(analysis.find("no baseline"), std::string::npos) << analysis;
}

TEST(ByHandTest, WorksFromAnyFolderWithoutAFile) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  const TempFolder elsewhere;
  const auto here = [&](std::vector<std::string> words) {
    words.insert(words.begin(), (test::build_folder() / "baton-switch").string());
    return run_process({.argv = words,
                        .environment = {{"KUBECONFIG", runner.playground.kubeconfig()}, {"HOME", "/nowhere"}},
                        .folder = elsewhere.path()});
  };
  EXPECT_NE(here({"status", "myapp", "-n", "production"}).output.find("myapp-green (2/2 ready)"), std::string::npos);
  const auto ended = here({"rollback", "myapp", "-n", "production", "--reason", "errors after v1.6.0", "--by", "jo"});
  EXPECT_EQ(ended.exit_code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector().at("version"), "blue") << "the adopted Deployment serves again";
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_TRUE(
      test::says(here({"status", "myapp", "-n", "production"}).output, "rolled back by jo: errors after v1.6.0 ("));
}

TEST(ByHandTest, WorksWhereNoFileCanBeWritten) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  const auto file = runner.folder.path() / "a-file";
  write_file(file, "no folder");
  const auto ended = runner.run("rollback", {"--reason=r", "--by=jo", "--dir=" + (file / "below").string()});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector().at("version"), "blue");
  EXPECT_TRUE(says(ended.output, "the analysis is not kept: ")) << ended.output;
  EXPECT_TRUE(says(ended.output, "a-file")) << ended.output;
}

TEST(ByHandTest, AFailedOneSaysSoFirstAndEndsOnceItsLineIsTypedAgain) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  runner.playground.sandbox().access().deny("patch services");
  const auto failed = runner.run("rollback", {"--reason=r", "--by=jo"});
  EXPECT_EQ(failed.code, 5) << failed.error;
  EXPECT_TRUE(failed.output.starts_with("myapp v1.6.0 NOT ROLLED BACK, 'myapp-green' serves v1.6.0: "))
      << failed.output;
  EXPECT_TRUE(says(failed.output, "kubectl -n production patch service myapp -p '{"));
  EXPECT_TRUE(says(failed.output, "baton-switch rollback myapp -n production"));
  runner.playground.sandbox().access().allow("patch services");
  EXPECT_EQ(runner.run("rollback", {"--reason=r", "--by=jo"}).code, 0);
  EXPECT_EQ(runner.selector(), kBlue);
}

/// A release that never gets ready and may not take its adoption back.
Ended stuck_release(Runner& runner) {
  runner.playground.set_fault("v1.6.0", "crash-loop");
  auto running = std::async(std::launch::async, [&] { return runner.release("v1.6.0"); });
  for (int left = 1000; runner.selector() != kBlue && left > 0; --left)
    runner.clock.sleep_for(std::chrono::milliseconds(10), {});
  runner.playground.sandbox().access().deny("patch services");
  return running.get();
}

TEST(ByHandTest, AFailedAdoptionIsTakenBackByTheCommandItNames) {
  Runner runner;
  const auto failed = stuck_release(runner);
  EXPECT_EQ(failed.code, 6) << failed.output << failed.error;
  EXPECT_TRUE(says(failed.error, "'myapp' serves "));
  EXPECT_TRUE(says(failed.error, "no traffic was switched: "));
  EXPECT_TRUE(says(failed.error, "forbidden"));
  EXPECT_TRUE(says(failed.error, "to go back: baton-switch rollback myapp -n production"));
  runner.playground.sandbox().access().allow("patch services");
  const auto taken = runner.run("rollback", {"--reason=r", "--by=jo"});
  EXPECT_EQ(taken.code, 0) << taken.output << taken.error;
  EXPECT_TRUE(says(taken.output, "had not been given any traffic: 'myapp' serves "));
  EXPECT_EQ(runner.selector(), kOriginal);
  runner.playground.set_fault("v1.6.0");
  EXPECT_EQ(runner.release("v1.6.0", {"--dir=" + (runner.folder.path() / "second").string()}).code, 0);
}

TEST(ByHandTest, ARollbackThatFailedInAnAdoptionDoesNotStopTheNextRelease) {
  Runner runner;
  ASSERT_EQ(stuck_release(runner).code, 6);
  const auto failed = runner.run("rollback", {"--reason=r", "--by=jo"});
  EXPECT_EQ(failed.code, 5);
  EXPECT_TRUE(failed.output.starts_with("myapp v1.6.0 has no traffic, 'myapp' serves ")) << failed.output;
  EXPECT_FALSE(says(failed.output, "kubectl")) << "there is no traffic to be moved by hand";
  EXPECT_TRUE(says(failed.output, "Then again: baton-switch rollback myapp -n production"));
  runner.playground.sandbox().access().allow("patch services");
  runner.playground.set_fault("v1.6.0");
  const auto next = runner.release("v1.6.0", {"--dir=" + (runner.folder.path() / "second").string()});
  EXPECT_EQ(next.code, 0) << next.output << next.error;
  EXPECT_EQ(runner.selector(), kGreen);
}

TEST(ByHandTest, NoRequestIsLostAcrossTheRollback) {
  Runner runner({.proxy_delay = std::chrono::milliseconds(300)});
  runner.playground.set_fault("v1.6.0");
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts = sandbox::run_load(
        {.url = runner.playground.front_url() + "/api/users", .rps = 100, .lasting = std::chrono::seconds(30)}, stop);
  });
  const auto ended = runner.run("rollback", {"--reason=r", "--by=jo"});
  load.request_stop();
  load.join();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_GT(counts.total, 100U);
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
}

TEST(ByHandTest, SaysThatThereIsNothingToGoBackToWhereNothingWasSwitched) {
  Runner runner;
  const auto ended = runner.run("rollback", {"--reason=r", "--by=jo"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_EQ(runner.selector(), kOriginal);
}

TEST(ByHandTest, EndsARunThatIsUnderWay) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  Ended running;
  std::jthread run([&] { running = runner.release("v1.6.0", {"--set=switch.soak=60s", "--set=switch.soak_max=60s"}); });
  for (int look = 0; look < 600 && runner.selector() != kGreen; ++look)
    runner.clock.sleep_for(std::chrono::milliseconds(50), {});
  const auto ended =
      runner.run("rollback", {"--reason=r", "--by=jo", "--dir=" + (runner.folder.path() / "elsewhere").string()});
  run.join();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(running.code, 4) << running.output << running.error;
  EXPECT_EQ(runner.selector(), kBlue);
}

}  // namespace
}  // namespace baton::cutover
