// A way back that is lost is paged once and said when it is open again; the watch goes on.
#include "tools/watch/way_back_watch.h"

#include <gtest/gtest.h>

#include <atomic>

#include "common/core/report.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;
using test::says;

class WayBackWatchTest : public testing::Test {
 protected:
  WayBackWatchTest() {
    auto& config = scene.loaded.values;
    config.run().standalone = true;
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    scene.add_step(
        "precheck", Verdict::proceed,
        Json::object(
            {{"baseline", judge::to_json(judge::Baseline{.from = scene.clock.now(), .to = scene.clock.now()})}}));
    playground.set_fault("v1.4.0");
    create_old();
  }

  void create_old() {
    playground.create(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: old}\nspec:\n  replicas: 2\n"
        "  selector: {matchLabels: {app: old}}\n  template:\n    metadata: {labels: {app: old}}\n    spec:\n"
        "      containers: [{name: myapp, image: '{{registry}}/myapp:v1.4.0', ports: [{name: http, containerPort: "
        "8080}]}]\n");
    playground.await_rollout("old");
  }
  void delete_old() { playground.client(scene.clock).remove(kube::kDeployments, "old"); }

  /// The release that is live, as though switch had brought it.
  void make_recorded(Watched& watched) const {
    watched.is_recorded = true;
    watched.move.previous_deployment = "old";
    watched.move.previous_image = playground.image() + ":v1.4.0";
    watched.move.replicas = 2;
  }
  /// A look of a process of its own that takes up what the one before saved, and saves.
  void look(const std::string& denied = "") {
    Watched watched(scene.env);
    make_recorded(watched);
    if (!denied.empty()) playground.sandbox().access().deny(denied);
    WayBackWatch way_back(watched, phases);
    look(way_back);
    remarks = way_back.remarks();
    text = to_markdown({.title = "t", .sections = {{.heading = "Way Back", .lines = way_back.lines()}}});
    scene.env.resumed = Handoff{.state = Json::object({{"way_back_lost", way_back.state()}})};
  }
  void look(WayBackWatch& way_back) {
    scene.clock.advance(5min);
    way_back.begin(scene.clock.now());
    way_back.take(scene.clock.now(), 10s);
    way_back.tell();
  }
  std::vector<std::string> events() const {
    std::vector<std::string> events;
    for (const auto& one : team.received()) events.push_back(parse_json(one.body, "webhook")["event"].string());
    return events;
  }

  std::atomic<bool> is_answering = false;  ///< outlives the playground's threads
  test::Playground playground;
  test::HttpServer team{[](const test::Received&) { return test::Answer{.status = 204}; }};
  test::EnvScene scene{
      "kubernetes: {service: myapp}\nmetrics: {prometheus: \"http://127.0.0.1:1\"}\nnotify: {to: "
      "[{webhook: \"" +
      team.url() + "\"}]}\n"};
  Phases phases{.start = scene.clock.now(), .config = scene.env.config.watch()};
  std::vector<Finding> remarks;
  std::string text;
};

TEST_F(WayBackWatchTest, OfAnOpenOneTellsNobody) {
  look();
  EXPECT_TRUE(says(text, "Its pods can take the traffic: 2 of 2 pods ready ✅"));
  EXPECT_TRUE(remarks.empty());
  EXPECT_TRUE(team.received().empty());
}

TEST_F(WayBackWatchTest, PagesALostOneOnceAcrossProcessesAndSaysThatItIsOpenAgain) {
  delete_old();
  for (int i = 0; i < 3; ++i) look();
  EXPECT_EQ(events(), std::vector<std::string>{"watch-way-back-lost"});
  EXPECT_TRUE(says(team.received().at(0).body, "Deployment 'old' is gone: there is nothing to go back to"));
  EXPECT_TRUE(says(text, "Lost since 2026-03-01T12:05:00Z: "));
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].outcome, Outcome::fail);
  create_old();
  for (int i = 0; i < 2; ++i) look();
  EXPECT_EQ(events(), (std::vector<std::string>{"watch-way-back-lost", "watch-way-back-open"}));
  EXPECT_TRUE(says(text, "Lost from 2026-03-01T12:05:00Z to 2026-03-01T12:20:00Z: "));
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].outcome, Outcome::warn) << "the verdict stays in doubt";
  delete_old();
  look();
  EXPECT_EQ(events().size(), 3U) << "another time";
}

TEST_F(WayBackWatchTest, EachCauseIsPagedAndEndsByItself) {
  playground.sandbox().access().deny("patch services");
  look();
  EXPECT_EQ(events().size(), 1U);
  EXPECT_TRUE(says(team.received().at(0).body, "a rollback may not: patch services 'myapp'"));
  playground.sandbox().access().allow("patch services");
  look();
  EXPECT_EQ(events().size(), 2U);
}

TEST_F(WayBackWatchTest, AnApiServerThatSaysNoEndsNothingAndIsNoLoss) {
  look("get deployments");
  EXPECT_TRUE(events().empty());
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].outcome, Outcome::unknown);
}

TEST_F(WayBackWatchTest, ALossStaysOpenWhileNobodyCanLook) {
  delete_old();
  look();
  look("get deployments");
  EXPECT_EQ(events(), std::vector<std::string>{"watch-way-back-lost"});
  EXPECT_TRUE(says(text, "Lost since 2026-03-01T12:05:00Z: "));
}

TEST_F(WayBackWatchTest, AnApiServerThatDoesNotAnswerHoldsNobodyUp) {
  Watched watched(scene.env);
  make_recorded(watched);
  playground.sandbox().set_witness([this](const sandbox::Question&, sandbox::Moment) {
    for (int left = 1000; left > 0 && !is_answering; --left) SystemClock().sleep_for(10ms, {});
    return true;
  });
  const SystemClock clock;
  const auto begun = clock.monotonic();
  {
    WayBackWatch way_back(watched, phases);
    way_back.begin(scene.clock.now());
    way_back.take(scene.clock.now(), 50ms);
    EXPECT_TRUE(way_back.remarks().empty());
  }
  EXPECT_LT(clock.monotonic() - begun, 5s);
  is_answering = true;
}

TEST_F(WayBackWatchTest, LooksInThePhasesRhythmAndNotAtEveryStep) {
  Watched watched(scene.env);
  make_recorded(watched);
  WayBackWatch way_back(watched, phases);
  const auto requests = [&](Duration later) {
    scene.clock.advance(later);
    const int before = playground.sandbox().api_requests();
    way_back.begin(scene.clock.now());
    way_back.take(scene.clock.now(), 10s);
    return playground.sandbox().api_requests() - before;
  };
  const int of_a_look = requests(0s);
  EXPECT_GT(of_a_look, 0);
  EXPECT_LE(of_a_look, 20);
  EXPECT_EQ(requests(15s), 0);
  EXPECT_EQ(requests(5min - 16s), 0);
  EXPECT_EQ(requests(1s), of_a_look);
  EXPECT_EQ(requests(2h), of_a_look);
  EXPECT_EQ(requests(1h - 1s), 0) << "every hour in the passive phase";
  EXPECT_EQ(requests(1s), of_a_look);
  EXPECT_EQ(requests(24h), 0) << "no rollback is offered any more";
}

TEST_F(WayBackWatchTest, OfWhatBatonDidNotSwitchNobodyAsks) {
  Watched watched(scene.env);
  WayBackWatch way_back(watched, phases);
  const int before = playground.sandbox().api_requests();
  look(way_back);
  EXPECT_EQ(playground.sandbox().api_requests(), before);
  EXPECT_TRUE(way_back.lines().empty());
}

TEST_F(WayBackWatchTest, WritesNothingWhereItMayNotTell) {
  delete_old();
  scene.loaded.values.run().observe = true;
  look();
  EXPECT_TRUE(events().empty());
  EXPECT_EQ(remarks.size(), 1U) << "it is seen all the same";
}

}  // namespace
}  // namespace baton::watch
