// The colour that nobody needs any more goes; whatever else bears its name stays.
#include <gtest/gtest.h>

#include <atomic>

#include "common/rollout/next.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"
#include "tests/support/refusal.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

// The new colour, with no pods: what counts here is who carries which id, and whom the Service selects.
constexpr std::string_view kGreen = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: myapp-green, labels: {app: myapp}, annotations: {baton/id: id-1}}
spec:
  replicas: 0
  selector: {matchLabels: {app: myapp, version: green}}
  template:
    metadata: {labels: {app: myapp, version: green}}
    spec: {containers: [{name: myapp, image: "{{registry}}/myapp:v1.5.0"}]}
)";

/// A week after id-1 moved the traffic from myapp, which id-0 had brought up, to myapp-green.
class RetiredTest : public testing::Test {
 protected:
  RetiredTest() {
    playground.create(std::string(kGreen));
    name("myapp", "id-0");
    select(R"({"version": "green"})");
    scene.environment =
        Environment(std::map<std::string, std::string, std::less<>>{{"KUBECONFIG", playground.kubeconfig()}});
    deployment.release = scene.env.release;
    deployment.ending = Ending::successful;
    deployment.switched = scene.clock.now();
    deployment.move = rollout::Move{.id = "id-1",
                                    .service = "myapp",
                                    .deployment = "myapp-green",
                                    .previous_deployment = "myapp",
                                    .previous_id = "id-0"};
  }

  void name(const std::string& workload, const std::string& id) {
    kube.merge_patch(kube::kDeployments, workload,
                     parse_json(R"({"metadata": {"annotations": {"baton/id": ")" + id + R"("}}})", "test"));
  }
  void select(const std::string& labels) {
    kube.merge_patch(kube::kServices, "myapp", parse_json(R"({"spec": {"selector": )" + labels + "}}", "test"));
  }
  bool exists(const std::string& workload) { return kube.find(kube::kDeployments, workload).has_value(); }
  int replicas() { return rollout::replicas_of(kube.get(kube::kDeployments, "myapp")); }
  /// Does it, and then again: the second time must find it done.
  Done perform(const Action& action) {
    const auto first = action.perform(scene.env, deployment);
    const auto second = action.perform(scene.env, deployment);
    EXPECT_EQ(first.outcome, second.outcome) << second.message;
    return first;
  }

  test::Playground playground;
  test::EnvScene scene;
  SystemClock clock;
  kube::Client kube = playground.client(clock);
  Deployment deployment;
};

TEST_F(RetiredTest, TakesTheOldColourAwayTwiceOver) {
  EXPECT_EQ(perform(scale_down).outcome, Outcome::pass);
  EXPECT_EQ(replicas(), 0);
  EXPECT_EQ(perform(remove_old).outcome, Outcome::pass);
  EXPECT_FALSE(exists("myapp"));
  EXPECT_TRUE(exists("myapp-green"));
}

TEST_F(RetiredTest, LeavesAloneWhatAnotherDeploymentTookOver) {
  for (const auto* id : {"id-2", ""}) {
    name("myapp", id);
    const auto done = perform(remove_old);
    EXPECT_EQ(done.outcome, Outcome::fail);
    EXPECT_TRUE(test::says(done.message, "switch recorded 'id-0'"));
    EXPECT_TRUE(exists("myapp"));
  }
}

// Between the look and the write.
TEST_F(RetiredTest, LeavesAloneWhatAnotherDeploymentTakesOverAtThatMoment) {
  for (const auto* action : {&scale_down, &remove_old}) {
    name("myapp", "id-0");
    std::atomic<bool> is_taken = false;
    playground.sandbox().set_witness([&](const sandbox::Question& question, sandbox::Moment moment) {
      const bool is_act = question.method == "DELETE" || question.path.ends_with("/deployments/myapp/scale");
      if (moment == sandbox::Moment::before && is_act && !is_taken.exchange(true)) name("myapp", "id-2");
      return true;
    });
    const auto done = action->perform(scene.env, deployment);
    playground.sandbox().set_witness({});
    EXPECT_TRUE(is_taken);
    EXPECT_EQ(done.outcome, Outcome::fail) << done.message;
    EXPECT_TRUE(test::says(done.message, "it carries the deployment id 'id-2', switch recorded 'id-0'"));
    EXPECT_EQ(replicas(), 2);
  }
}

TEST_F(RetiredTest, LeavesAloneWhatStillServes) {
  select(R"({"version": null})");
  const auto done = perform(scale_down);
  EXPECT_EQ(done.outcome, Outcome::fail);
  EXPECT_TRUE(test::says(done.message, "selector matches it"));
  EXPECT_EQ(replicas(), 2);
}

TEST_F(RetiredTest, TakesTheBadColourAfterARollbackThoughTheAdoptedServiceMatchesIt) {
  deployment.ending = Ending::rolled_back;
  select(R"({"version": null})");
  EXPECT_EQ(perform(remove_old).outcome, Outcome::pass);
  EXPECT_FALSE(exists("myapp-green"));
  EXPECT_EQ(replicas(), 2);
}

TEST_F(RetiredTest, OwesNothingWhereNothingWasDecided) {
  for (const auto ending : {Ending::incomplete, Ending::not_deployed, Ending::stopped_before_traffic, Ending::unjudged,
                            Ending::unhealthy, Ending::rollback_failed, Ending::superseded}) {
    deployment.ending = ending;
    EXPECT_FALSE(scale_down.due(scene.env, deployment));
    EXPECT_FALSE(remove_old.due(scene.env, deployment));
  }
}

}  // namespace
}  // namespace baton::finalize
