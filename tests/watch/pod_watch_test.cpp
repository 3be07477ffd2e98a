// What is said of a release without metrics: seen in a playground, on a hand-turned clock.
#include "tools/watch/pod_watch.h"

#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "common/io/process.h"
#include "common/rollout/workload.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"
#include "tests/support/places.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;

class PodWatchTest : public testing::Test {
 protected:
  explicit PodWatchTest(const test::PlaygroundSettings& settings = {}) : playground(settings) {
    scene.loaded.values.run().standalone = true;
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    scene.loaded.values.rollout().smoke = {{.path = "/api/users"}};
  }

  judge::Look look() { return PodWatch(watched, phases).look(scene.clock.now()); }
  /// What metrics said, and what the pods add to it.
  static judge::Look beside(PodWatch& pods, judge::State state) {
    judge::Look look{.state = state, .reason = "what the metrics say"};
    pods.add_to(look);
    return look;
  }
  judge::Look at_once(judge::State state) {
    PodWatch pods(watched, phases);
    return beside(pods, state);
  }
  /// The look that finds this, or the last of many: pods take a while to crash.
  judge::Look look_until(std::string_view id, Outcome wanted) {
    scene.loaded.values.rollout().smoke.clear();
    auto seen = look();
    for (int left = 200; left > 0 && outcome(seen, id) != wanted; --left) {
      SystemClock().sleep_for(100ms, {});
      seen = look();
    }
    return seen;
  }
  static Outcome outcome(const judge::Look& look, std::string_view id) {
    return std::ranges::find(look.findings, id, &Finding::id)->outcome;
  }
  /// A second Deployment, which the Service does not select, as the old colour.
  void add_old_colour(const std::string& version, int replicas) {
    playground.create(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: myapp-blue}
spec:
  replicas: )" + std::to_string(replicas) +
                      R"(
  selector: {matchLabels: {app: old}}
  template:
    metadata: {labels: {app: old}}
    spec: {containers: [{name: myapp, image: "{{registry}}/myapp:)" +
                      version + R"(", ports: [{name: http, containerPort: 8080}]}]}
)");
    playground.await_rollout("myapp-blue");
    watched.move.previous_deployment = "myapp-blue";
  }

  test::Playground playground;
  test::EnvScene scene{
      "kubernetes: {service: myapp}\nprecheck: {not_applicable: {metrics: no store here}}\n"
      "watch: {intensive: {for: 2h, every: 5m}, passive: {for: 22h, every: 1h}}\n"};
  Watched watched = Watched(prepared(scene, playground));
  Phases phases{.start = scene.clock.now(), .config = scene.env.config.watch()};

 private:
  static Env& prepared(test::EnvScene& scene, const test::Playground& playground) {
    scene.loaded.values.run().standalone = true;
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    return scene.env;
  }
};

TEST_F(PodWatchTest, AHealthyReleaseIsAtBestInconclusiveAndSaysWhy) {
  EXPECT_FALSE(watched.store);
  const auto seen = look();
  EXPECT_EQ(seen.state, judge::State::inconclusive);
  EXPECT_EQ(seen.reason,
            "no metrics are judged, declared not applicable: no store here: only readiness, restarts and smoke are "
            "watched");
  EXPECT_EQ(outcome(seen, "pods-healthy"), Outcome::pass);
  EXPECT_EQ(outcome(seen, "smoke-answers"), Outcome::pass);
  EXPECT_EQ(outcome(seen, "few-restarts"), Outcome::pass);
  EXPECT_EQ(outcome(seen, "metrics-judged"), Outcome::skipped);
}

class RolledWatchTest : public PodWatchTest, public testing::WithParamInterface<const char*> {
 protected:
  RolledWatchTest() : PodWatchTest({.kind = GetParam()}) {}
};

TEST_P(RolledWatchTest, ItsPodsAreSeenByTheirOwner) {
  EXPECT_EQ(outcome(look(), "pods-healthy"), Outcome::pass);
  EXPECT_EQ(rollout::workloads_of(watched.move).kind, GetParam());
  EXPECT_EQ(watched.scope.deployment, "myapp");
  playground.set_fault("v1.5.0", "crash-loop");
  const auto seen = look_until("pods-healthy", Outcome::fail);
  EXPECT_EQ(seen.state, judge::State::critical) << seen.reason;
}

INSTANTIATE_TEST_SUITE_P(Kinds, RolledWatchTest, testing::Values("StatefulSet", "DaemonSet"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(PodWatchTest, SmokeThatIsNotConfiguredDoesNotPass) {
  scene.loaded.values.rollout().smoke.clear();
  EXPECT_EQ(outcome(look(), "smoke-answers"), Outcome::skipped);
}

TEST_F(PodWatchTest, SmokeThatFailsThriceInOneLookIsCritical) {
  playground.set_fault("v1.5.0", "errors=100%");
  const auto seen = look();
  EXPECT_EQ(seen.state, judge::State::critical);
  EXPECT_EQ(outcome(seen, "smoke-answers"), Outcome::fail);
  EXPECT_NE(seen.reason.find("smoke test '/api/users'"), std::string::npos) << seen.reason;
}

TEST_F(PodWatchTest, WhatTheOldColourFailsTooIsHeldAgainstNobody) {
  playground.set_fault("v1.4.0");
  add_old_colour("v1.4.0", 1);
  playground.set_fault("v1.5.0", "errors=100%");
  EXPECT_EQ(look().state, judge::State::critical);
  playground.set_fault("v1.4.0", "errors=100%");
  const auto seen = look();
  EXPECT_EQ(seen.state, judge::State::blind);
  EXPECT_EQ(outcome(seen, "smoke-answers"), Outcome::unknown);
  EXPECT_NE(seen.reason.find("'myapp-blue' fails its smoke tests too"), std::string::npos) << seen.reason;
}

TEST_F(PodWatchTest, PodsThatCrashAreCriticalUnlessTheOldColourLostItsPodsToo) {
  playground.set_fault("v1.4.0");
  add_old_colour("v1.4.0", 1);
  playground.set_fault("v1.5.0", "crash-loop");
  const auto seen = look_until("pods-healthy", Outcome::fail);
  EXPECT_EQ(seen.state, judge::State::critical);
  EXPECT_NE(seen.reason.find("CrashLoopBackOff"), std::string::npos) << seen.reason;
  playground.set_fault("v1.4.0", "crash-loop");
  const auto held = look_until("pods-healthy", Outcome::unknown);
  EXPECT_EQ(held.state, judge::State::blind);
  EXPECT_NE(held.reason.find("'myapp-blue' has no ready pod either"), std::string::npos) << held.reason;
}

TEST_F(PodWatchTest, BesideMetricsACrashIsCriticalAndAHealthyPodSaysNothing) {
  const auto well = at_once(judge::State::healthy);
  EXPECT_EQ(well.state, judge::State::healthy);
  EXPECT_EQ(outcome(well, "pods-healthy"), Outcome::pass);
  EXPECT_EQ(outcome(well, "pods-ready"), Outcome::pass);
  playground.set_fault("v1.5.0", "crash-loop");
  look_until("pods-healthy", Outcome::fail);
  const auto seen = at_once(judge::State::healthy);
  EXPECT_EQ(seen.state, judge::State::critical);
  EXPECT_NE(seen.reason.find("CrashLoopBackOff"), std::string::npos) << seen.reason;
  EXPECT_EQ(at_once(judge::State::critical).reason, "what the metrics say");
}

TEST_F(PodWatchTest, BesideMetricsWhatIsOverStillWarnsAlsoInTheNextTick) {
  scene.env.resumed = Handoff{.step = "watch", .subject = {}};
  scene.env.resumed->state =
      Json::object({{"pods_warned", Json::object({{"pods-ready", "pod 'p' has not been ready since noon"}})}});
  PodWatch pods(watched, phases);
  const auto seen = beside(pods, judge::State::healthy);
  EXPECT_EQ(seen.state, judge::State::healthy) << "it is well now";
  const auto ready = std::ranges::find(seen.findings, "pods-ready", &Finding::id);
  EXPECT_EQ(ready->outcome, Outcome::warn);
  EXPECT_EQ(ready->message, "earlier, over by now: pod 'p' has not been ready since noon");
  EXPECT_EQ(pods.warned(), scene.env.resumed->state["pods_warned"]);
}

TEST_F(PodWatchTest, BesideMetricsAClusterThatIsAwaySaysNothing) {
  PodWatch pods(watched, phases);
  playground.sandbox().access().deny("get deployments");
  const auto seen = beside(pods, judge::State::healthy);
  EXPECT_EQ(seen.state, judge::State::healthy);
  EXPECT_TRUE(seen.findings.empty());
}

TEST_F(PodWatchTest, BesideMetricsPodsAreAskedForOnceAMinute) {
  PodWatch pods(watched, phases);
  EXPECT_EQ(beside(pods, judge::State::healthy).findings.size(), 3U);
  playground.sandbox().access().deny("get deployments");
  EXPECT_EQ(beside(pods, judge::State::healthy).findings.size(), 3U);
  scene.clock.advance(1min);
  EXPECT_TRUE(beside(pods, judge::State::healthy).findings.empty()) << "nobody could look";
}

TEST_F(PodWatchTest, AClusterThatIsAwayIsBlindAndNoLook) {
  PodWatch pods(watched, phases);
  playground.sandbox().access().deny("get deployments");
  const auto seen = pods.look(scene.clock.now());
  EXPECT_EQ(seen.state, judge::State::blind);
  EXPECT_EQ(outcome(seen, "pods-healthy"), Outcome::unknown);
  EXPECT_EQ(pods.coverage(scene.clock.now() + 1min), 0);
}

TEST_F(PodWatchTest, CountsTheLooksThatThePhasesAskFor) {
  PodWatch pods(watched, phases);
  EXPECT_EQ(pods.coverage(phases.start), 0);
  pods.look(phases.start + 1min);
  pods.look(phases.start + 2min);
  EXPECT_EQ(pods.coverage(phases.start + 5min), 100);
  EXPECT_EQ(pods.coverage(phases.start + 5min + 1ms), 50);
  pods.look(phases.start + 5min);
  EXPECT_EQ(pods.coverage(phases.start + 10min), 100);
  pods.look(phases.end());
  EXPECT_NEAR(pods.coverage(phases.end()), 100.0 * 3 / 46, 0.01) << "24 in two hours and 22 after them";
}

TEST_F(PodWatchTest, TheSoakOfSwitchCounts) {
  scene.add_step("switch", Verdict::caution).finished_at = phases.start + 5min;
  const PodWatch pods(watched, phases);
  EXPECT_EQ(pods.coverage(phases.start + 5min), 100);
  EXPECT_EQ(pods.coverage(phases.start + 5min + 1ms), 50);
}

TEST_F(PodWatchTest, TheNextTickTakesUpTheLooks) {
  PodWatch pods(watched, phases);
  pods.look(phases.start);
  scene.env.resumed = Handoff{.step = "watch", .subject = {}};
  scene.env.resumed->state = Json::object({{"looked_at", pods.memory()}});
  EXPECT_EQ(PodWatch(watched, phases).coverage(phases.start + 5min), 100);
}

TEST_F(PodWatchTest, TheExecutableEndsAsCautionAndSaysWhatWasNotJudged) {
  const TempFolder folder;
  const auto watch = [&](const std::string& verb, const std::vector<std::string>& more) {
    std::vector<std::string> argv{(test::build_folder() / "baton-watch").string(),
                                  verb,
                                  "--standalone",
                                  "--ci=none",
                                  "--release=v1.5.0",
                                  "--set=app=myapp",
                                  "--set=watch.step=1s",
                                  "--set=watch.intensive={for: 2s, every: 1s}",
                                  "--set=watch.passive={for: 1s, every: 1s}"};
    argv.insert(argv.end(), more.begin(), more.end());
    return run_process({.argv = argv,
                        .environment = {{"KUBECONFIG", playground.kubeconfig()}, {"HOME", folder.path().string()}},
                        .folder = folder.path()});
  };
  const auto refused = watch("tick", {});
  EXPECT_EQ(refused.exit_code, 2) << refused.output;
  EXPECT_NE(refused.error.find("precheck.not_applicable.metrics"), std::string::npos) << refused.error;
  const auto ended = watch("run", {"--set=precheck.not_applicable={metrics: no store here}"});
  EXPECT_EQ(ended.exit_code, 0) << ended.output << ended.error;
  EXPECT_NE(ended.output.find("Not judged: declared not applicable: no store here"), std::string::npos) << ended.output;
  const auto handoff = parse_json(read_file(folder.path() / ".baton/watch.json"), "watch.json")["predicate"];
  EXPECT_EQ(handoff["verdict"], Json("caution"));
  EXPECT_EQ(handoff["state"]["coverage"], Json("100"));
}

}  // namespace
}  // namespace baton::watch
