// Nodes, what they use and whether the release fits, asked of the playground.
#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tests/sandbox/refusal.h"
#include "tests/support/refusal.h"
#include "tools/precheck/node_usage.h"

namespace baton::precheck {
namespace {

using test::EnvScene;
using test::says;

class ClusterChecks : public testing::Test {
 protected:
  explicit ClusterChecks(const std::string& more = "", const test::PlaygroundSettings& settings = {})
      : playground(settings), scene("image: '" + playground.image() + "'\nkubernetes: {service: myapp}\n" + more) {
    playground.set_fault("v1.6.0");
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
  }

  Finding finding(const std::string& check) { return look_at(scene, check); }
  void patch_node(const std::string& name, const std::string& merge) {
    auto kube = playground.client(scene.clock);
    kube.merge_patch(kube::kNodes, name, parse_json(merge, "test"));
  }
  void use(const std::string& node, const std::string& cpu, const std::string& memory = "1Gi") {
    patch_node(node,
               R"({"metadata":{"annotations":{"sandbox/cpu":")" + cpu + R"(","sandbox/memory":")" + memory + R"("}}})");
  }
  /// The metrics API is not there, or its server is down.
  void without_metrics(int status) {
    playground.sandbox().set_witness([status](const sandbox::Question& question, sandbox::Moment) {
      if (question.path.starts_with("/apis/metrics.k8s.io")) throw sandbox::Refusal(status, "X", "no metrics");
      return true;
    });
  }

  test::Playground playground;
  EnvScene scene;
};

TEST_F(ClusterChecks, PressureFailsAndACordonWarns) {
  EXPECT_EQ(finding("nodes-ready").outcome, Outcome::pass);
  patch_node("node-1", R"({"spec":{"unschedulable":true}})");
  const auto cordoned = finding("nodes-ready");
  EXPECT_EQ(cordoned.outcome, Outcome::warn);
  EXPECT_EQ(cordoned.message, "2/2 Ready; cordoned: node-1");
  patch_node("node-2", R"({"spec":{"unschedulable":true}})");
  EXPECT_EQ(finding("nodes-ready").outcome, Outcome::fail) << "no node takes pods";
  patch_node("node-1", R"({"spec":{"unschedulable":false}})");
  for (const std::string trouble : {"MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"}) {
    playground.sandbox().store().update(
        {.kind = &sandbox::kind_named("Node"), .ns = "", .name = "node-1"}, [&](Json& node) {
          node["status"]["conditions"] = Json::array({Json::object({{"type", "Ready"}, {"status", "True"}}),
                                                      Json::object({{"type", trouble}, {"status", "True"}})});
        });
    const auto pressed = finding("nodes-ready");
    EXPECT_EQ(pressed.outcome, Outcome::fail) << trouble;
    EXPECT_TRUE(says(pressed.message, "under pressure: node-1 (" + trouble + ")"));
  }
}

// SOP 1.2: kubectl top nodes, CPU/Memory < 70 %; decisions 24.
TEST_F(ClusterChecks, TheAverageUnderSeventyPercentPasses) {
  use("node-1", "2796m");  // of 4 cores
  use("node-2", "2796m");
  const auto under = finding("node-cpu");
  EXPECT_EQ(under.outcome, Outcome::pass) << under.message;
  EXPECT_EQ(under.observed, Measured(69.9, "%"));
  EXPECT_TRUE(says(under.message, "69.9 % of allocatable on average over 2 nodes, by metrics.k8s.io"));
  use("node-1", "2800m");
  use("node-2", "2800m");
  EXPECT_EQ(finding("node-cpu").outcome, Outcome::fail) << "70 %";
  use("node-2", "2792m");
  const auto one_over = finding("node-cpu");
  EXPECT_EQ(one_over.outcome, Outcome::warn);
  EXPECT_TRUE(says(one_over.message, "at or over 70 %: node-1 70 %"));
  EXPECT_EQ(finding("node-memory").outcome, Outcome::pass);
  use("node-1", "1", "6Gi");
  use("node-2", "1", "6Gi");
  EXPECT_EQ(finding("node-memory").outcome, Outcome::fail) << "75 % of 8 GiB";
}

TEST_F(ClusterChecks, ACordonedNodeIsNoPartOfTheAverage) {
  use("node-1", "3900m");
  use("node-2", "400m");
  EXPECT_EQ(finding("node-cpu").outcome, Outcome::warn);
  patch_node("node-2", R"({"spec":{"unschedulable":true}})");
  EXPECT_EQ(finding("node-cpu").outcome, Outcome::fail);
  patch_node("node-1", R"({"spec":{"unschedulable":true}})");
  EXPECT_EQ(finding("node-cpu").outcome, Outcome::unknown) << "nobody is left";
}

TEST_F(ClusterChecks, ANodeThatSaysNothingIsUnknownUnlessTheOthersAreTooMuch) {
  use("node-1", "0");
  use("node-2", "1");
  const auto finding = this->finding("node-cpu");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_TRUE(says(finding.message, "1 of 2 nodes do not say what is used, by metrics.k8s.io: node-1"));
  use("node-2", "6");  // 150 %, as kubectl may show it
  EXPECT_EQ(this->finding("node-cpu").outcome, Outcome::fail);
}

TEST_F(ClusterChecks, WithoutMetricsTheKubeletsAreAsked) {
  use("node-1", "1");
  use("node-2", "1");
  for (const int status : {404, 503}) {
    without_metrics(status);
    const auto finding = this->finding("node-cpu");
    EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
    EXPECT_EQ(finding.observed, Measured(25, "%"));
    EXPECT_TRUE(says(finding.message, "by the kubelets' summaries"));
  }
  playground.sandbox().access().deny("get nodes/proxy");
  const auto refused = finding("node-cpu");
  EXPECT_EQ(refused.outcome, Outcome::unknown);
  EXPECT_TRUE(says(refused.message, "the kubelets may not be asked"));
}

TEST_F(ClusterChecks, MetricsThatMayNotBeReadAreUnknown) {
  without_metrics(403);
  EXPECT_EQ(finding("node-memory").outcome, Outcome::unknown);
}

TEST_F(ClusterChecks, TheReleaseFitsBesideWhatServes) {
  const auto finding = this->finding("cluster-capacity");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_TRUE(says(finding.message, "2 pods fit (node-1 1, node-2 1), "));
  EXPECT_TRUE(says(finding.message, "cpu: 0.2 cores needed, 7.8 cores of 8 cores free, 95 % left"));
  EXPECT_TRUE(finding.critical);
}

TEST_F(ClusterChecks, AnAutoscalersLeastIsWhatItGets) {
  playground.create(R"(
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: h}
spec: {minReplicas: 5, maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp}}
)");
  EXPECT_TRUE(says(finding("cluster-capacity").message, "5 pods fit"));
}

TEST_F(ClusterChecks, WithoutRoomItStopsAndWithLittleItWarns) {
  const auto leave = [&](const std::string& cpu) {
    for (const auto* node : {"node-1", "node-2"})
      playground.sandbox().store().update({.kind = &sandbox::kind_named("Node"), .ns = "", .name = node},
                                          [&](Json& json) { json["status"]["allocatable"]["cpu"] = cpu; });
  };
  leave("250m");  // a pod of 100m serves on each: 50m of 250m are left beside the next one, which is 20 %
  EXPECT_EQ(finding("cluster-capacity").outcome, Outcome::pass);
  leave("249m");
  EXPECT_EQ(finding("cluster-capacity").outcome, Outcome::warn) << "19.7 %";
  leave("199m");
  const auto finding = this->finding("cluster-capacity");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_TRUE(says(finding.message, "2 of 2 pods find no node: 2 nodes: too little cpu"));
}

TEST_F(ClusterChecks, TheNamespaceHasItsSay) {
  playground.create(
      "apiVersion: v1\nkind: LimitRange\nmetadata: {name: small}\nspec: {limits: [{type: Container, max: "
      "{cpu: 200m}}]}\n");
  const auto ranged = finding("cluster-capacity");
  EXPECT_EQ(ranged.outcome, Outcome::fail);
  EXPECT_TRUE(says(ranged.message, "LimitRange 'small' refuses its pods"));
  playground.client(scene.clock).remove(kube::kLimitRanges, "small");
  playground.create(
      "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: '3'}}\nstatus: {hard: "
      "{pods: '3'}, used: {pods: '2'}}\n");
  EXPECT_TRUE(says(finding("cluster-capacity").message, "quota 'q' has no room: 2 of 3 pods used, 2 needed"));
}

TEST_F(ClusterChecks, AColourThatWasLeftBehindMakesRoom) {
  playground.create(R"(
apiVersion: v1
kind: Pod
metadata: {name: left, labels: {app: myapp, version: green}}
spec: {nodeName: node-1, containers: [{name: c, image: i, resources: {requests: {cpu: '3'}}}]}
status: {phase: Running}
)");
  EXPECT_TRUE(says(finding("cluster-capacity").message, "7.8 cores of 8 cores free"));
}

TEST_F(ClusterChecks, ClaimsAndRuntimeClassesAreLookedAt) {
  const WrittenFile manifest("k8s.yaml", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: myapp}
spec:
  replicas: 2
  selector: {matchLabels: {app: myapp}}
  template:
    metadata: {labels: {app: myapp}}
    spec:
      runtimeClassName: boxed
      volumes: [{name: v, persistentVolumeClaim: {claimName: files}}]
      containers: [{name: myapp, image: myapp, resources: {requests: {cpu: 1, memory: 64Mi}}}]
)");
  EnvScene own("image: '" + playground.image() + "'\nkubernetes: {service: myapp, manifest: '" + manifest.path() +
               "'}\n");
  own.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
  const auto absent = look_at(own, "cluster-capacity");
  EXPECT_EQ(absent.outcome, Outcome::fail) << absent.message;
  EXPECT_TRUE(says(absent.message, "RuntimeClass 'boxed' is not there; PersistentVolumeClaim 'files' is not there"));
  playground.create(
      "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: boxed}\nhandler: h\noverhead: "
      "{podFixed: {cpu: 250m}}\nscheduling: {nodeSelector: {kubernetes.io/hostname: node-2}}\n");
  playground.create(
      "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: files}\nspec: {accessModes: "
      "[ReadWriteMany]}\n");
  const auto shared = look_at(own, "cluster-capacity");
  EXPECT_TRUE(says(shared.message, "2 pods fit (node-2 2)")) << shared.message;
  EXPECT_TRUE(says(shared.message, "cpu: 2.5 cores needed"));
  EXPECT_TRUE(says(shared.message, "volumes: 1 shared, 0 new"));
}

class RolledCapacity : public ClusterChecks {
 protected:
  RolledCapacity() : ClusterChecks("switch: {strategy: rolling}\n") {}
};

TEST_F(RolledCapacity, ARollingUpdateNeedsOnePodMore) {
  EXPECT_TRUE(says(finding("cluster-capacity").message, "1 pod fit"));
}

class RolledSetCapacity : public ClusterChecks {
 protected:
  RolledSetCapacity() : ClusterChecks("switch: {strategy: rolling}\n", {.kind = "StatefulSet"}) {}
};

TEST_F(RolledSetCapacity, AStatefulSetNeedsNone) {
  const auto finding = this->finding("cluster-capacity");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_TRUE(says(finding.message, "replaced one by one"));
}

TEST_F(ClusterChecks, WhatMayNotBeReadIsUnknown) {
  for (const auto* right : {"list nodes", "list limitranges", "list resourcequotas"}) {
    playground.sandbox().access().deny(right);
    EXPECT_EQ(finding("cluster-capacity").outcome, Outcome::unknown) << right;
    playground.sandbox().access().allow(right);
  }
}

}  // namespace
}  // namespace baton::precheck
