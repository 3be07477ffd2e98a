// Small readings: endpoint slices, answers, the number of answers a proof needs, GitOps marks, rollout conditions.
#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "common/rollout/dataplane.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/process_identity.h"
#include "common/rollout/ready.h"
#include "common/rollout/refusals.h"
#include "common/rollout/smoke.h"
#include "tests/common/rollout/json_of.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

TEST(EndpointsTest, JoinsSlicesAndReadsAbsentConditionsAsReady) {
  const auto slices = json(R"([
    {"endpoints":[{"conditions":{"ready":true},"targetRef":{"uid":"a"}},{"conditions":{"ready":false},"targetRef":{"uid":"b"}}]},
    {"endpoints":[{"targetRef":{"uid":"c"}}]},
    {"endpoints":null}])");
  EXPECT_EQ(ready_endpoints(slices.items()), (std::set<std::string>{"a", "c"}));
}

TEST(EndpointsTest, AnEndpointWithoutPodIsNobodysAndSpoilsTheComparison) {
  EXPECT_EQ(ready_endpoints(json(R"([{"endpoints":[{"addresses":["10.0.0.1"]}]}])").items()).size(), 1U);
}

TEST(ProofTest, NeedsMoreAnswersTheMoreBackendsThereAre) {
  EXPECT_EQ(answers_needed(1), 1);
  EXPECT_EQ(answers_needed(2), 7);
  EXPECT_EQ(answers_needed(6), 26);
  EXPECT_EQ(answers_needed(10), 44);
}

TEST(IdentityTest, ReadsAHeaderInAnyCaseOrAPointer) {
  const Headers headers = {{"X-App-Version", "v1.6.0"}};
  EXPECT_EQ(identity_in({.header = "x-app-version"}, headers, ""), "v1.6.0");
  EXPECT_EQ(identity_in({.header = "x-other"}, headers, ""), "");
  EXPECT_EQ(identity_in({.json = "/build/version"}, {}, R"({"build":{"version":"v2"}})"), "v2");
  EXPECT_EQ(identity_in({.json = "/build"}, {}, R"({"build":7})"), "7");
  EXPECT_EQ(identity_in({.json = "/build"}, {}, "nothing"), "");
}

TEST(PortTest, IsTheHttpPortsTargetAlsoByName) {
  const auto pod =
      json(R"({"metadata":{"name":"p"},"spec":{"containers":[{"ports":[{"name":"web","containerPort":3000}]}]}})");
  EXPECT_EQ(target_port(json(R"({"spec":{"ports":[{"port":80,"targetPort":"web"}]}})"), pod), 3000);
  EXPECT_EQ(
      target_port(
          json(R"({"spec":{"ports":[{"port":9000,"targetPort":9001},{"name":"http","port":80,"targetPort":8080}]}})"),
          pod),
      8080);
  EXPECT_EQ(target_port(json(R"({"spec":{"ports":[{"port":8081}]}})"), pod), 8081);
  EXPECT_THROW(target_port(json(R"({"spec":{"ports":[{"port":80,"targetPort":"gone"}]}})"), pod), Error);
}

TEST(ReconcilerTest, IsToldByLabelsAnnotationsAndByWhoWroteTheFields) {
  EXPECT_EQ(reconciler_of(json(R"({"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"x"}}})")).name,
            "Argo CD");
  EXPECT_EQ(reconciler_of(json(R"({"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"x"}}})")).name, "Flux");
  EXPECT_EQ(reconciler_of(json(R"({"metadata":{"labels":{"helm.toolkit.fluxcd.io/name":"x"}}})")).name, "Flux");
  EXPECT_EQ(
      reconciler_of(
          json(
              R"({"metadata":{"labels":{"app.kubernetes.io/instance":"x"},"managedFields":[{"manager":"argocd-controller"}]}})"))
          .name,
      "Argo CD");
  EXPECT_EQ(
      reconciler_of(
          json(R"({"metadata":{"labels":{"app.kubernetes.io/instance":"x"},"managedFields":[{"manager":"helm"}]}})"))
          .name,
      "");
}

TEST(RolledOutTest, WantsAllFiveOfKubectlsConditions) {
  const auto done = json(
      R"({"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":3,"availableReplicas":3}})");
  EXPECT_TRUE(is_rolled_out(done));
  for (const auto& [member, value] :
       {std::pair{"observedGeneration", 1}, {"updatedReplicas", 2}, {"availableReplicas", 2}, {"replicas", 4}}) {
    auto pending = done;
    pending["status"][member] = value;
    EXPECT_FALSE(is_rolled_out(pending)) << member;
  }
}

TEST(ProcessIdentityTest, WeAreAliveAndAnotherStartOfOurNumberIsDead) {
  const auto own = own_identity();
  ASSERT_FALSE(own.empty());
  EXPECT_FALSE(is_dead(own));
  EXPECT_TRUE(is_dead(own + "0"));
}

TEST(ProcessIdentityTest, NothingIsSaidOfOtherMachinesAndOfNonsense) {
  EXPECT_FALSE(is_dead(""));
  EXPECT_FALSE(is_dead("boot pid:[1] 1 1"));
  EXPECT_FALSE(is_dead("a b c d e"));
}

}  // namespace
}  // namespace baton::rollout
