// Workers get the release after the switch and lose it with it.
#include "common/rollout/workers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/clients/registry/client.h"
#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/adopt.h"
#include "common/rollout/refusals.h"
#include "common/rollout/swap.h"
#include "common/rollout/undo.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

class WorkersTest : public testing::Test {
 protected:
  WorkersTest() {
    ground_.playground.set_fault("v1.4.0");
    ground_.playground.create(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: mailer}
spec:
  replicas: 2
  selector: {matchLabels: {app: mailer}}
  template:
    metadata: {labels: {app: mailer}}
    spec: {containers: [{name: c, image: "{{registry}}/myapp:v1.4.0", ports: [{name: http, containerPort: 8080}]}]}
)");
    ground_.playground.await_rollout("mailer");
    ground_.config.kubernetes().workers = {{.name = "mailer"}};
  }
  std::string image() {
    return ground_.deployment("mailer")["spec"]["template"]["spec"]["containers"].items().front()["image"].string();
  }
  /// Of a release that the registry has by this name, as `release` brings it up.
  Move move_to(const std::string& version, const std::string& fault = {}) {
    ground_.playground.set_fault(version, fault);
    auto move = ground_.release(version);
    registry::Client registry(HttpClient({}, Environment(), ground_.clock), Environment(), /*plain_http=*/false);
    move.digest = registry.resolve(registry::parse_reference(ground_.playground.image() + ":" + version))->digest;
    return move;
  }
  Finding obstacle() {
    const auto found = look_for_obstacles(context_, find_live(context_));
    return *std::ranges::find(found, "workers-can-roll", &Finding::id);
  }

  Ground ground_;
  Context context_ = ground_.context();
  const std::string before_ = ground_.playground.image() + ":v1.4.0";
};

TEST_F(WorkersTest, AreRolledToTheDigestAndBackWithARollback) {
  const auto move = move_to("v1.6.0");
  {
    auto lease = Lease::acquire(context_, Claim::wait);
    EXPECT_TRUE(start_workers(context_, lease, move).empty());
    const auto rolled = await_workers(context_, move);
    ASSERT_EQ(rolled.size(), 1U);
    EXPECT_EQ(rolled.front().outcome, Outcome::pass) << rolled.front().message;
    EXPECT_EQ(image(), ground_.playground.image() + "@" + move.digest);
    EXPECT_TRUE(start_workers(context_, lease, move).empty());
    EXPECT_EQ(await_workers(context_, move).front().outcome, Outcome::pass) << "done twice it changes nothing";
  }
  auto recorded = move;
  {
    auto lease = Lease::acquire(context_, Claim::wait);
    record_move(context_, lease, recorded);
  }
  const auto done = undo(context_, recorded, "5 % of requests failed", "test", ground_.folder.path());
  EXPECT_EQ(done.verdict, Verdict::rolled_back) << done.message;
  EXPECT_EQ(image(), before_);
  EXPECT_EQ(std::ranges::find(done.findings, "worker-back", &Finding::id)->outcome, Outcome::pass);
}

TEST_F(WorkersTest, OneThatDoesNotGetReadyFailsWithItsReason) {
  const auto move = move_to("v1.6.0");
  ground_.playground.set_fault("v1.6.0", "crash-loop");
  auto lease = Lease::acquire(context_, Claim::wait);
  EXPECT_TRUE(start_workers(context_, lease, move).empty());
  const auto rolled = await_workers(context_, move);
  EXPECT_EQ(rolled.front().outcome, Outcome::fail);
  EXPECT_TRUE(test::says(rolled.front().message, "of pod 'mailer-")) << rolled.front().message;
}

TEST_F(WorkersTest, AnImageThatSomebodyElseGaveStays) {
  const auto move = move_to("v1.6.0");
  auto lease = Lease::acquire(context_, Claim::wait);
  const auto patch = Json::array({Json::object({{"op", "replace"},
                                                {"path", "/spec/template/spec/containers/0/image"},
                                                {"value", ground_.playground.image() + ":v1.4.9"}})});
  ground_.kube.json_patch(kube::kDeployments, "mailer", patch);
  const auto back = put_workers_back(context_, lease, move);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_TRUE(test::says(back.front().message, "got another image meanwhile"));
  EXPECT_EQ(image(), ground_.playground.image() + ":v1.4.9");
}

TEST_F(WorkersTest, OneThatIsGoneStopsNoRollback) {
  const auto move = move_to("v1.6.0");
  ground_.kube.remove(kube::kDeployments, "mailer");
  auto lease = Lease::acquire(context_, Claim::wait);
  const auto back = put_workers_back(context_, lease, move);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back.front().outcome, Outcome::warn);
}

TEST_F(WorkersTest, WhatCannotBeRolledIsSaidBeforeAnything) {
  EXPECT_EQ(obstacle().outcome, Outcome::pass) << obstacle().message;
  ground_.kube.merge_patch(kube::kDeployments, "mailer", parse_json(R"({"spec":{"paused":true}})", "test"));
  EXPECT_TRUE(test::says(obstacle().message, "is paused by somebody else"));
  ground_.config.kubernetes().workers = {{.name = "myapp"}};
  EXPECT_TRUE(test::says(obstacle().message, "'myapp' are behind the service 'myapp'"));
  ground_.config.kubernetes().workers = {{.name = "gone"}};
  EXPECT_TRUE(test::says(obstacle().message, "there is no Deployment 'gone'"));
  test::refusal(ExitCode::usage, [&] { workers_now(context_); });
  ground_.config.kubernetes().workers = {{.name = "mailer"}};
  ground_.config.image = "registry.example.com/other";
  EXPECT_TRUE(test::says(test::refusal(ExitCode::usage, [&] { workers_now(context_); }), "runs an image of"));
}

TEST_F(WorkersTest, WhatAGitOpsControllerKeepsIsRefusedUnlessForced) {
  ground_.kube.merge_patch(
      kube::kDeployments, "mailer",
      parse_json(R"({"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop"}}})", "test"));
  EXPECT_EQ(obstacle().outcome, Outcome::fail);
  ground_.config.rollout().refuses_gitops = false;
  EXPECT_EQ(obstacle().outcome, Outcome::pass);
}

}  // namespace
}  // namespace baton::rollout
