// The real executable over a playground under load and a Prometheus that scrapes it.
#include <gtest/gtest.h>
#include <signal.h>

#include <future>

#include "common/clients/prometheus/client.h"
#include "common/core/text.h"
#include "common/io/process.h"
#include "common/rollout/intent.h"
#include "tests/sandbox/fixture.h"
#include "tests/sandbox/load.h"
#include "tests/support/background.h"
#include "tests/support/http_server.h"
#include "tests/support/places.h"
#include "tests/support/prometheus.h"
#include "tests/support/relay.h"
#include "tests/support/rights.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;

class RunTest : public testing::Test {
 protected:
  RunTest() {
    const auto config = replace_all(read_file(playground.kubeconfig()), playground.api_url(),
                                    "http://127.0.0.1:" + std::to_string(relay.port()));
    write_file(folder.path() / "kubeconfig", config);
    await([&] { return query("count_over_time(http_requests_total[10s])") >= 5; });
  }

  std::string api() const { return playground.api_url().substr(std::string("http://").size()); }

  std::map<std::string, std::string> environment() const {
    return {{"KUBECONFIG", (folder.path() / "kubeconfig").string()}, {"HOME", folder.path().string()}};
  }
  ProcessResult execute(std::vector<std::string> words) {
    words.insert(words.begin(), (test::build_folder() / "baton-watch").string());
    return run_process({.argv = words, .environment = environment(), .folder = folder.path()});
  }
  static std::vector<std::string> words(const std::string& verb, const std::string& metrics,
                                        const std::string& window) {
    return {verb, "--standalone", "--ci=none", "--release=v1.5.0", "--set=app=myapp", "--set=watch.step=1s",
            "--set=metrics.prometheus=" + metrics, "--set=watch.baseline=4s",
            "--set=watch.intensive={for: " + window + ", every: 2s}", "--set=watch.passive={for: 1s, every: 1s}",
            "--set=watch.limits.error_rate={warn: +20pp, for: 9s, rollback: +20pp}",
            // Two busy cores are no latency test.
            "--set=watch.limits.latency_p95={warn: +900%, for: 9s, rollback: +999%}"};
  }
  ProcessResult watch(const std::string& verb, const std::string& metrics, const std::string& window) {
    return execute(words(verb, metrics, window));
  }
  std::future<ProcessResult> run(const std::string& window = "3s") {
    return std::async(std::launch::async, [this, window] { return watch("run", store.url(), window); });
  }

  template <typename Condition>
  void await(Condition condition) {
    for (int left = 300; left > 0; --left) {
      if (condition()) return;
      clock.sleep_for(100ms, {});
    }
    throw std::runtime_error("what was waited for did not come");
  }
  /// The greatest value; 0 where there is no series.
  double query(const std::string& promql) { return query(promql, store); }
  double query(const std::string& promql, const test::PrometheusServer& server) {
    double greatest = 0;
    prometheus::Client client({.url = server.url()}, HttpClient({}, Environment{}, clock));
    for (const auto& series : client.query(promql, clock.now()).series)
      for (const auto& sample : series.samples) greatest = std::max(greatest, sample.value);
    return greatest;
  }
  bool has_looked() {
    return fs::exists(folder.path() / ".baton/watch.json") && state().find("judged_until") != nullptr;
  }
  Json state() {
    return parse_json(read_file(folder.path() / ".baton/watch.json"), "watch.json")["predicate"]["state"];
  }

  test::Playground playground;
  SystemClock clock;
  TempFolder folder;
  test::Relay relay{{.port = std::stoi(api().substr(api().find(':') + 1))}};
  test::PrometheusServer store{api(), "/sandbox/metrics"};
  std::jthread load{[this](const std::stop_token& stop) {
    sandbox::run_load({.url = playground.front_url() + "/api/users", .rps = 160, .lasting = 60s}, stop);
  }};
};

TEST_F(RunTest, StandaloneStartsNowWhereNoSwitchIsRecorded) {
  const Time before = clock.now();
  playground.sandbox().access().allow_only(
      test::rights_of_the_table(rollout::kWatch));  // which precheck promises are all
  const auto ended = run().get();
  EXPECT_EQ(ended.exit_code, 0) << ended.output << ended.error;
  const auto since = parse_rfc3339(state()["watched_since"].string());
  EXPECT_GE(since, before);
  EXPECT_EQ(state().find("move"), nullptr) << "there is nothing to roll back to";
}

TEST_F(RunTest, WhatBatonDidNotSwitchIsHandedToAPerson) {
  auto running = run("30s");
  await([&] { return has_looked(); });
  playground.set_fault("v1.5.0", "errors=50%");
  const auto ended = running.get();
  EXPECT_EQ(ended.exit_code, 3) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("still live"), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("Baton recorded no switch"), std::string::npos) << ended.output;
}

// Whoever doubts the verdict judges the same points again, by these limits or by others.
TEST_F(RunTest, WhatWasJudgedCanBeJudgedAgain) {
  playground.set_fault("v1.5.0", "errors=50%");
  const auto ended = run("30s").get();
  EXPECT_EQ(ended.exit_code, 3) << ended.output << ended.error;
  const auto points = (folder.path() / ".baton/evidence/points.db").string();
  const auto again = execute({"replay", points});
  EXPECT_EQ(again.exit_code, 3) << again.output << again.error;
  EXPECT_NE(again.output.find("the same record, bit for bit"), std::string::npos) << again.output;
  EXPECT_NE(again.output.find("error-rate-critical: "), std::string::npos) << again.output;
  const auto calmer = execute({"replay", points, "--set=watch.limits.error_rate={warn: +90pp, rollback: +90pp}"});
  EXPECT_NE(calmer.exit_code, 3) << calmer.output << calmer.error;
  EXPECT_NE(calmer.output.find("judged with other limits: watch.limits.error_rate.rollback: +90pp"), std::string::npos)
      << calmer.output;
  const auto handoff = parse_json(read_file(folder.path() / ".baton/watch.json"), "watch.json");
  EXPECT_NE(to_text(handoff).find("evidence/points.db"), std::string::npos) << "its digest is in the record";
  EXPECT_EQ(execute({"replay"}).exit_code, 2);
  EXPECT_EQ(execute({"replay", "kubeconfig"}).exit_code, 6);
}

TEST_F(RunTest, ANewerDeploymentEndsIt) {
  auto running = run("30s");
  await([&] { return has_looked(); });
  const rollout::Move newer{.id = "another",
                            .version = "v1.6.0",
                            .service = "myapp",
                            .colour = "green",
                            .deployment = "myapp-green",
                            .previous_deployment = "myapp",
                            .selector_original = {},
                            .selector_before = {},
                            .selector_after = {}};
  auto kube = playground.client(clock);
  Json annotations = Json::object();
  annotations[rollout::kMoveAnnotation] = to_text(rollout::to_json(newer));
  kube.merge_patch(kube::kServices, "myapp",
                   Json::object({{"metadata", Json::object({{"annotations", annotations}})}}));
  const auto ended = running.get();
  EXPECT_EQ(ended.exit_code, 0) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("a newer deployment took over"), std::string::npos) << ended.output;
}

TEST_F(RunTest, ALostWayBackIsPagedOnceAndLeavesTheReleaseInDoubt) {
  rollout::Move move{.id = "id-1",
                     .version = "v1.5.0",
                     .service = "myapp",
                     .colour = "green",
                     .deployment = "myapp",
                     .previous_deployment = "gone",
                     .selector_original = {},
                     .selector_before = {},
                     .selector_after = {},
                     .proved_at = clock.now(),
                     .phase = rollout::Phase::kept};
  auto kube = playground.client(clock);
  Json annotations = Json::object();
  annotations[rollout::kMoveAnnotation] = to_text(rollout::to_json(move));
  kube.merge_patch(kube::kServices, "myapp",
                   Json::object({{"metadata", Json::object({{"annotations", annotations}})}}));
  test::HttpServer team{[](const test::Received&) { return test::Answer{.status = 204}; }};
  const auto tick = [&] {
    auto all = words("tick", store.url(), "1h");
    all.push_back("--set=notify={to: [{webhook: " + team.url() + "}]}");
    return execute(all);
  };
  for (int i = 0; i < 2; ++i) {
    const auto ended = tick();
    EXPECT_EQ(ended.exit_code, 75) << ended.output << ended.error;
    EXPECT_NE(ended.output.find("### Way Back\n- The release before is there to go back to: absent"), std::string::npos)
        << ended.output;
  }
  EXPECT_EQ(state()["way_back_lost"].items().size(), 1U);
  ASSERT_EQ(team.received().size(), 1U);
  EXPECT_NE(team.received()[0].body.find("NO WAY BACK: myapp v1.5.0: "), std::string::npos) << team.received()[0].body;
}

TEST_F(RunTest, TheNextTickKnowsSinceWhenNobodyCouldSee) {
  // A window so long that two seconds unseen leave 95 % of it in reach.
  const test::PrometheusServer empty(api(), "/nothing-to-scrape");
  const auto first = watch("tick", empty.url(), "1h");
  EXPECT_EQ(first.exit_code, 75) << first.output << first.error;
  const auto since = state()["blind_since"].string();
  EXPECT_EQ(watch("tick", empty.url(), "1h").exit_code, 75);
  EXPECT_EQ(state()["blind_since"].string(), since);
}

TEST_F(RunTest, MetricsThatVanishRollNothingBackAndAreNotCalledWell) {
  test::Relay scraped{{.port = std::stoi(api().substr(api().find(':') + 1))}};
  const test::PrometheusServer own("127.0.0.1:" + std::to_string(scraped.port()), "/sandbox/metrics");
  await([&] { return query("count_over_time(http_requests_total[20s])", own) >= 8; });
  const auto tick = [&] {
    const auto ended = watch("tick", own.url(), "1h");
    EXPECT_EQ(ended.exit_code, 75) << ended.output << ended.error;
    return ended.output;
  };
  EXPECT_NE(tick().find("Judged: 100.0 %"), std::string::npos);
  scraped.refuse(true);
  clock.sleep_for(6s, {});
  const auto unseen = tick();
  EXPECT_NE(unseen.find("Status: ❔ INCONCLUSIVE"), std::string::npos) << unseen;
  EXPECT_EQ(unseen.find("Judged: 100.0 %"), std::string::npos) << unseen;
  scraped.refuse(false);
  await([&] { return std::stod(state()["coverage"].string()) > 50 || tick().empty(); });
}

TEST_F(RunTest, ACounterThatBeginsAnewIsNoErrorAndNoDrop) {
  auto running = run("12s");
  await([&] { return has_looked(); });
  playground.set_fault("v1.5.0", "crash-loop one-pod");
  await([&] { return query("resets(http_requests_total[10s])") > 0; });
  playground.set_fault("v1.5.0");
  const auto ended = running.get();
  EXPECT_EQ(ended.exit_code, 0) << ended.output << ended.error;
}

TEST_F(RunTest, AnApiServerThatIsAwayEndsNoWatch) {
  auto running = run();
  await([&] { return has_looked(); });
  relay.refuse(true);
  EXPECT_EQ(running.wait_for(6s), std::future_status::timeout) << "it ended without knowing who serves";
  relay.refuse(false);
  const auto ended = running.get();
  EXPECT_EQ(ended.exit_code, 0) << ended.output << ended.error;
  EXPECT_NE(ended.error.find("the cluster cannot be asked"), std::string::npos) << ended.error;
}

TEST_F(RunTest, ADeadlineInTheMiddleOfALookMeansComeAgain) {
  const auto url = store.url();
  test::Relay late{{.port = std::stoi(url.substr(url.rfind(':') + 1))}};
  auto all = words("run", "http://127.0.0.1:" + std::to_string(late.port()), "1h");
  all.emplace_back("--deadline=12s");
  auto running = std::async(std::launch::async, [&] { return execute(all); });
  await([&] { return has_looked(); });
  late.hang();
  const auto ended = running.get();
  EXPECT_EQ(ended.exit_code, 75) << ended.output << ended.error;
  EXPECT_NE(state().find("judged_until"), nullptr) << "what was judged before it stands";
}

/// Warns early and rolls back late.
class WarnedTest : public RunTest {
 protected:
  std::vector<std::string> tick() {
    auto all = words("tick", store.url(), "1h");
    all.push_back("--set=watch.limits.error_rate={warn: +5pp, for: 2s, rollback: +60pp}");
    all.push_back("--set=notify={to: [{webhook: " + team.url() + "}]}");
    return all;
  }
  /// Killed while the team's channel has not answered yet.
  void tick_and_be_killed() {
    auto all = tick();
    all.push_back("--dir=" + (folder.path() / ".baton").string());
    all.insert(all.begin(), (test::build_folder() / "baton-watch").string());
    for (const auto& [name, value] : environment()) all.insert(all.begin(), name + "=" + value);
    all.insert(all.begin(), "env");
    is_slow = true;
    const test::Background running(all, folder.path() / "killed.log");
    await([&] { return !team.received().empty(); });
    running.signal(SIGKILL);
    is_slow = false;
  }
  ProcessResult accept(const std::string& rule) {
    const TempFolder elsewhere;
    return execute({"tick", "--accept", rule, "--by", "jo", "--set", "app=myapp", "-n", "production", "--dir",
                    (elsewhere.path() / ".baton").string()});
  }

  std::atomic<bool> is_slow = false;
  test::HttpServer team{
      [this](const test::Received&) { return test::Answer{.status = 204, .delay = is_slow ? 60s : 0s}; }};
};

TEST_F(WarnedTest, IsToldAcrossAKillAcceptedFromAnywhereAndRolledBackAllTheSame) {
  ASSERT_EQ(execute(tick()).exit_code, 75);
  playground.set_fault("v1.5.0", "errors=30%");
  await([&] { return query("sum(rate(http_requests_total{status=~\"5..\"}[4s]))") > 20; });
  clock.sleep_for(4s, {});
  tick_and_be_killed();
  const Time killed = clock.now();
  for (int i = 0; i < 2; ++i) {
    const auto ended = execute(tick());
    EXPECT_EQ(ended.exit_code, 75) << ended.output << ended.error;
  }
  const auto messages = team.received();
  ASSERT_EQ(messages.size(), 2U) << "what was not confirmed is sent again, and then no more";
  EXPECT_EQ(messages[0].header("Idempotency-Key"), messages[1].header("Idempotency-Key"));
  EXPECT_LT(*parse_rfc3339(state()["warnings"].items().at(0)["noticed"].string()), killed) << "the deadline stays";

  EXPECT_EQ(accept("cpu-warning").exit_code, 2);
  const auto accepted = accept("error-rate-warning");
  EXPECT_EQ(accepted.exit_code, 0) << accepted.output << accepted.error;
  EXPECT_EQ(execute(tick()).exit_code, 75);
  EXPECT_EQ(state()["warnings"].items().at(0)["accepted_by"].string(), "jo");
  EXPECT_NE(execute(tick()).output.find("; accepted by jo at "), std::string::npos);
  EXPECT_EQ(team.received().size(), 2U);

  playground.set_fault("v1.5.0", "errors=100%");
  await([&] { return execute(tick()).exit_code == 3; });
}

TEST_F(RunTest, WhoAcceptsNeedsNeitherChannelsNorTheStore) {
  write_file(folder.path() / "baton.yaml",
             "app: myapp\nnotify: {to: [{slack: '${NOBODY_SET_THIS}'}]}\nmetrics: {prometheus: '${NOR_THIS}'}\n");
  const auto ended = execute({"tick", "--accept", "cpu-warning", "--by", "jo"});
  EXPECT_NE(ended.error.find("'cpu-warning' did not hold at the last look"), std::string::npos) << ended.error;
  const auto tick = execute({"tick", "--release=v1.5.0"});
  EXPECT_NE(tick.error.find("needs the variable NOR_THIS"), std::string::npos) << tick.error;
}

TEST_F(RunTest, ARunTakesNoAcceptance) {
  const auto ended = execute({"run", "--accept", "cpu-warning", "--by", "jo", "--set=app=myapp", "--release=v1.5.0",
                              "--set=metrics.prometheus=" + store.url()});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.error.find("Use it with baton-watch tick."), std::string::npos) << ended.error;
  EXPECT_FALSE(fs::exists(folder.path() / ".baton/watch.json"));
}

}  // namespace
}  // namespace baton::watch
