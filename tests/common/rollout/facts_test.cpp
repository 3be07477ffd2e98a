// Small readings: endpoint slices, answers, the number of answers a proof needs, GitOps marks, rollout conditions.
#include <gtest/gtest.h>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/dataplane.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/pods.h"
#include "common/rollout/port.h"
#include "common/rollout/process_identity.h"
#include "common/rollout/ready.h"
#include "common/rollout/refusals.h"
#include "common/rollout/smoke.h"
#include "common/rollout/workload.h"
#include "tests/common/rollout/json_of.h"
#include "tests/support/refusal.h"

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

TEST(ImageTest, TheSameDigestIsTheSameImageWhateverTheRegistry) {
  const std::string digest = "@sha256:" + std::string(64, 'a');
  EXPECT_TRUE(is_same_image("shop:v1", "shop:v1"));
  EXPECT_TRUE(is_same_image("shop" + digest, "mirror.local/hub/shop:v1" + digest));
  EXPECT_FALSE(is_same_image("shop" + digest, "shop@sha256:" + std::string(64, 'b')));
  EXPECT_FALSE(is_same_image("shop:v1", "mirror.local/shop:v1")) << "a tag may mean another image there";
  EXPECT_FALSE(is_same_image("shop:v1", "shop" + digest));
}

class PortTest : public testing::Test {
 protected:
  AppPort port(const std::string& ports, const std::string& containers) {
    return app_port(config_, json(R"({"metadata":{"name":"s"},"spec":{"ports":)" + ports + "}}"),
                    json(R"({"metadata":{"name":"p"},"spec":{"containers":)" + containers + "}}"));
  }
  Config config_;
};

TEST_F(PortTest, IsTheHttpPortsTargetAlsoByName) {
  const std::string web = R"([{"ports":[{"name":"web","containerPort":3000}]}])";
  EXPECT_EQ(port(R"([{"port":80,"targetPort":"web"}])", web).container, 3000);
  EXPECT_EQ(port(R"([{"port":9000,"targetPort":9001},{"name":"http","port":80,"targetPort":8080}])", web).container,
            8080);
  EXPECT_EQ(port(R"([{"port":8081}])", web).container, 8081);
  EXPECT_THROW(port(R"([{"port":80,"targetPort":"gone"}])", web), Error);
}

TEST_F(PortTest, IsTheOneBehindWhichReadinessProbesAskWhateverItsName) {
  const std::string two = R"([{"name":"http","port":80,"targetPort":8080},{"port":81,"targetPort":"rest"}])";
  const std::string probed = R"([{"ports":[{"name":"rest","containerPort":9090}],"readinessProbe":{"httpGet":{"port":)";
  EXPECT_EQ(port(two, probed + R"("rest"}}}])").service, 81);
  EXPECT_EQ(port(two, probed + R"(9090}}}])").container, 9090);
  EXPECT_EQ(port(two, probed + R"(7000}}}])").service, 80) << "nobody reaches that one through the Service";
}

TEST_F(PortTest, IsTheOneThatTheConfigurationNames) {
  const std::string ports =
      R"([{"name":"http","port":80,"targetPort":8080},{"name":"api","port":81,"targetPort":9090}])";
  const std::string pods = R"([{"readinessProbe":{"httpGet":{"port":8080}}}])";
  for (const auto* name : {"api", "81", "9090"}) {
    config_.kubernetes().port = name;
    EXPECT_EQ(port(ports, pods).container, 9090) << name;
    EXPECT_EQ(port(ports, pods).service, 81) << name;
  }
  config_.kubernetes().port = "grpc";
  EXPECT_TRUE(test::says(test::error_of([&] { port(ports, pods); }).what(), "has no port 'grpc', only '80', '81'"));
}

TEST_F(PortTest, OfAHeadlessServiceWithoutPortsIsThePodsOwn) {
  const std::string two =
      R"([{"ports":[{"name":"web","containerPort":3000},{"containerPort":9090}],"readinessProbe":{"httpGet":{"port":9090}}}])";
  EXPECT_EQ(port("[]", two).container, 9090) << "the one that its readiness probe asks";
  config_.kubernetes().port = "web";
  EXPECT_EQ(port("[]", two).container, 3000);
  config_.kubernetes().port = "gone";
  EXPECT_THROW(port("[]", two), Error);
  config_.kubernetes().port = "";
  EXPECT_EQ(port("[]", R"([{"ports":[{"containerPort":3000}]}])").container, 3000);
  EXPECT_THROW(port("[]", "[{}]"), Error);
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

TEST(RolledOutTest, AStatefulSetSaysSoLast) {
  auto set = json(
      R"({"kind":"StatefulSet","metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":3,"availableReplicas":3,"currentRevision":"a","updateRevision":"b"}})");
  EXPECT_FALSE(is_rolled_out(set));
  set["status"]["currentRevision"] = "b";
  EXPECT_TRUE(is_rolled_out(set));
}

TEST(RolledOutTest, ADaemonSetCountsItsNodes) {
  const auto done = json(
      R"({"kind":"DaemonSet","metadata":{"generation":2},"spec":{},"status":{"observedGeneration":2,"desiredNumberScheduled":3,"currentNumberScheduled":3,"updatedNumberScheduled":3,"numberAvailable":3}})");
  EXPECT_EQ(replicas_of(done), 3);
  EXPECT_TRUE(is_rolled_out(done));
  for (const auto* member : {"observedGeneration", "updatedNumberScheduled", "numberAvailable"}) {
    auto pending = done;
    pending["status"][member] = 1;
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
