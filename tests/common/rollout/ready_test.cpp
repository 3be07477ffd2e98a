// Waiting for the pods of one image while pods of another one stand beside them.
#include "common/rollout/ready.h"

#include <gtest/gtest.h>

#include "common/rollout/live.h"
#include "tests/common/rollout/ground.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

// On its way back a rolling update's bad pods still crash. A pod that was ready for a moment would replace an old one.
TEST(ReadyTest, ACrashingPodOfAnotherImageIsNotWaitedForAndEndsNothing) {
  Ground ground;
  auto context = ground.context();
  ground.playground.set_fault("v1.6.0", "crash-loop never-ready");
  const auto before = image_of(ground.deployment("myapp"), ground.config);
  ground.kube.json_patch(kube::kDeployments, "myapp",
                         parse_json(R"([{"op":"replace","path":"/spec/template/spec/containers/0/image","value":")" +
                                        ground.playground.image() + R"(:v1.6.0"}])",
                                    "patch"));
  const auto bad = await_ready(context, {.deployment = "myapp", .replicas = 3, .limit = 20s});
  ASSERT_EQ(bad.finding.observed.text(), "CrashLoopBackOff") << bad.finding.message;
  const auto old =
      await_ready(context, {.deployment = "myapp", .image = before, .replicas = 1, .limit = 5s, .is_whole = false});
  EXPECT_TRUE(old.is_ready) << old.finding.message;
  const auto none = await_ready(context, {.deployment = "myapp", .image = before, .replicas = 3, .limit = 500ms});
  EXPECT_EQ(none.finding.observed.text(), "NotReady") << none.finding.message;
}

}  // namespace
}  // namespace baton::rollout
