// When the old colour shrinks, and when not.
#include "tools/watch/shrink.h"

#include <gtest/gtest.h>

#include "common/config/sections/run.h"
#include "common/rollout/lease.h"
#include "common/rollout/next.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"
#include "tests/support/refusal.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;

constexpr const char* kOld = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: old, annotations: {baton/id: id-0}}
spec:
  replicas: 3
  selector: {matchLabels: {app: old}}
  template:
    metadata: {labels: {app: old}}
    spec: {containers: [{name: c, image: "{{registry}}/myapp:v1.5.0"}]}
)";

class ShrinkTest : public testing::Test {
 protected:
  ShrinkTest() {
    scene.loaded.values.run().standalone = true;
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    scene.add_step(
        "precheck", Verdict::proceed,
        Json::object(
            {{"baseline", judge::to_json(judge::Baseline{.from = scene.clock.now(), .to = scene.clock.now()})}}));
    playground.create(kOld);
    watched.emplace(scene.env);
    watched->move.previous_deployment = "old";
    watched->move.previous_id = "id-0";
    watched->move.service = "myapp";
    watched->move.phase = rollout::Phase::kept;
    watched->is_recorded = true;
  }

  /// The old colour's replicas after a look that long after the switch.
  int after(Duration since, judge::State state = judge::State::healthy, bool is_undecided = false) {
    Shrink shrink(*watched);
    return after(since, shrink, state, is_undecided);
  }
  int after(Duration since, Shrink& shrink, judge::State state = judge::State::healthy, bool is_undecided = false) {
    const Phases phases{.start = scene.clock.now() - since, .config = scene.loaded.values.watch()};
    shrink.follow({.state = state}, is_undecided, phases, scene.clock.now());
    return rollout::replicas_of(playground.client(scene.clock).get(kube::kDeployments, "old"));
  }

  test::Playground playground;
  test::EnvScene scene{"kubernetes: {service: myapp}\nmetrics: {prometheus: \"http://127.0.0.1:1\"}\n"};
  std::optional<Watched> watched;
};

TEST_F(ShrinkTest, ToOneReplicaWhenTheIntensivePhaseIsOver) {
  EXPECT_EQ(after(2h - 1s), 3);
  EXPECT_EQ(after(2h), 1);
  EXPECT_EQ(after(3h), 1);
}

TEST_F(ShrinkTest, AlsoWhereTooLittleTrafficComesToBeSure) { EXPECT_EQ(after(2h, judge::State::inconclusive), 1); }

TEST_F(ShrinkTest, NotWhileAnythingIsWrongUndecidedOrUnseen) {
  for (const auto state : {judge::State::critical, judge::State::warning, judge::State::blind})
    EXPECT_EQ(after(2h, state), 3) << static_cast<int>(state);
  EXPECT_EQ(after(2h, judge::State::healthy, /*is_undecided=*/true), 3);
}

TEST_F(ShrinkTest, NotBeforeTheSwitchIsKeptOrWhereItWasNotOurs) {
  watched->move.phase = rollout::Phase::switching;
  EXPECT_EQ(after(2h), 3);
  watched->move.phase = rollout::Phase::kept;
  watched->is_recorded = false;
  EXPECT_EQ(after(2h), 3);
}

TEST_F(ShrinkTest, NotWhereItOnlyLooks) {
  scene.loaded.values.run().observe = true;
  EXPECT_EQ(after(2h), 3);
  scene.loaded.values.run().observe = false;
  scene.loaded.values.run().dry_run = true;
  EXPECT_EQ(after(2h), 3);
}

TEST_F(ShrinkTest, NotAfterARollingUpdateWhichLeavesNoSecondDeployment) {
  watched->move.rolled.emplace();
  EXPECT_EQ(after(2h), 3);
}

TEST_F(ShrinkTest, NotWhenItServesOrBelongsToAnother) {
  watched->move.previous_deployment = "myapp";  // that the Service selects
  watched->move.previous_id = rollout::id_of(playground.client(scene.clock).get(kube::kDeployments, "myapp"));
  after(2h);
  EXPECT_EQ(rollout::replicas_of(playground.client(scene.clock).get(kube::kDeployments, "myapp")), 2);
  watched->move.previous_deployment = "old";
  watched->move.previous_id = "another";
  EXPECT_EQ(after(2h), 3);
}

TEST_F(ShrinkTest, OnceSoThatWhoScalesItUpAgainIsLetBe) {
  Shrink shrink(*watched);
  EXPECT_EQ(after(2h, shrink), 1);
  playground.scale("old", 3);
  EXPECT_EQ(after(3h, shrink), 3);
}

TEST_F(ShrinkTest, WhereNothingIsLeftToDoNobodyAsksForTheLease) {
  playground.scale("old", 1);
  EXPECT_EQ(after(2h), 1);
  auto kube = playground.client(scene.clock);
  watched->move.previous_deployment = "gone";
  after(2h);
  EXPECT_TRUE(kube.list(kube::kLeases).empty());
}

TEST_F(ShrinkTest, WhoIsToldToStopStops) {
  std::stop_source stop;
  scene.env.stop = stop.get_token();
  stop.request_stop();
  EXPECT_EQ(test::error_of<Error>([&] { after(2h); }).code(), ExitCode::interrupted);
}

TEST_F(ShrinkTest, TriedAgainWhenTheLeaseIsAnothers) {
  auto other = watched->context;
  other.id = "another";
  {
    const auto lease = rollout::Lease::acquire(other, rollout::Claim::wait);
    EXPECT_EQ(after(2h), 3);
  }
  EXPECT_EQ(after(2h), 1);
}

}  // namespace
}  // namespace baton::watch
