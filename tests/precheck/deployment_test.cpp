// What would stop switch, found by precheck: each obstacle in switch's words, the dry run, the rights, the digest.
#include <gtest/gtest.h>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/lease.h"
#include "common/rollout/refusals.h"
#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

class DeploymentChecks : public testing::Test {
 protected:
  explicit DeploymentChecks(const std::string& more = "", const test::PlaygroundSettings& settings = {})
      : playground(settings), scene("image: '" + playground.image() + "'\nkubernetes: {service: myapp}\n" + more) {
    playground.set_fault("v1.6.0");
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
  }

  Finding finding(const std::string& check) { return look_at(scene, check); }
  void patch_service(const std::string& merge) {
    auto kube = playground.client(scene.clock);
    kube.merge_patch(kube::kServices, "myapp", parse_json(merge, "test"));
  }
  std::optional<Json> deployment(const std::string& name) {
    return playground.client(scene.clock).find(kube::kDeployments, name);
  }
  static Options whole_group() {
    Options options;
    for (const auto& [group, check] : places()) {
      if (group->id == "deployment") options.only.emplace_back(check->id);
    }
    return options;
  }

  test::Playground playground;
  EnvScene scene;
};

TEST_F(DeploymentChecks, PassWhereASwitchCanBeginAndLeaveNothingBehind) {
  const auto findings = run_in(scene, whole_group()).findings();
  ASSERT_EQ(findings.size(), rollout::kObstacles.size() + 7);
  for (const auto& one : findings)
    EXPECT_EQ(one.outcome, one.id == "notifications" ? Outcome::skipped : Outcome::pass)
        << one.id << ": " << one.message;
  EXPECT_FALSE(deployment("myapp-green")) << "a dry run stores nothing";
}

TEST_F(DeploymentChecks, EachObstacleIsSaidInTheWordsOfSwitch) {
  playground.create(R"(
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: h}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: of-next}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp-green}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: b}
spec: {minAvailable: 1, selector: {matchExpressions: [{key: version, operator: NotIn, values: [red]}], matchLabels: {app: myapp}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: of-all}
spec: {minAvailable: 1, selector: {}}
---
apiVersion: v1
kind: Pod
metadata: {name: other, labels: {app: other}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: myapp-green}
spec:
  replicas: 0
  selector: {matchLabels: {app: x}}
  template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: q}
spec: {hard: {pods: "3"}}
status: {hard: {pods: "3"}, used: {pods: "2"}}
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: v}
spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp}}
---
apiVersion: v1
kind: Service
metadata: {name: partners}
spec: {selector: {app: myapp}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stray, labels: {app: myapp, version: green}}
spec: {containers: [{name: c, image: i}]}
)");
  playground.client(scene.clock)
      .merge_patch(kube::kDeployments, "myapp", parse_json(R"({"spec":{"paused":true}})", "test"));
  scene.loaded.values.kubernetes().services = {"gone"};
  scene.loaded.values.kubernetes().workers = {{.name = "myapp"}};
  scene.loaded.values.rollout().strategy = "canary";
  scene.loaded.values.rollout().canary.traffic = "gateway-api";
  patch_service(R"({"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop"},
                    "labels":{"app.kubernetes.io/managed-by":"Helm"}},"spec":{"sessionAffinity":"ClientIP"}})");
  const Look look(scene.env);
  auto context = look.context();
  const auto of_switch = rollout::look_for_obstacles(context, look.live());
  ASSERT_EQ(of_switch.size(), rollout::kObstacles.size());
  const auto checked = run_in(scene, whole_group());
  for (const auto& said : of_switch) {
    if (said.id == "all-containers" || said.id == "not-forced" || said.id == "quotas-read" ||
        said.id == "manifest-applied" || said.id == "manifest-can-apply" || said.id == "shares-among-own" ||
        said.id == "rolls-by-itself" || said.id == "not-alone")
      continue;  // there is one; it is refused instead; they may be; there is none, nor one; a route gives the shares;
                 // Deployments
    const auto found = finding_of(checked, said.id);
    EXPECT_NE(said.outcome, Outcome::pass) << said.id;
    EXPECT_EQ(found.outcome, said.outcome) << said.id;
    EXPECT_EQ(found.critical, said.critical) << said.id;
    EXPECT_EQ(found.title, said.title);
    EXPECT_EQ(found.observed, said.observed) << said.id;
    EXPECT_EQ(found.message, said.message);
    if (said.critical) {
      EXPECT_EQ(found.recovery, said.recovery) << said.id;
    }
  }
  EXPECT_EQ(decide(checked.findings()), Verdict::stop);
}

class RolledChecks : public DeploymentChecks, public testing::WithParamInterface<const char*> {
 protected:
  RolledChecks() : DeploymentChecks("", {.kind = GetParam()}) {}
};

TEST_P(RolledChecks, PassForARollingUpdateAndRefuseAnother) {
  const auto refused = finding("service-switchable");
  EXPECT_EQ(refused.outcome, Outcome::fail);
  EXPECT_NE(refused.message.find(std::string(GetParam()) + " 'myapp' serves"), std::string::npos) << refused.message;
  scene.loaded.values.rollout().strategy = "rolling";
  for (const auto& one : run_in(scene, whole_group()).findings())
    EXPECT_EQ(one.outcome, one.id == "notifications" ? Outcome::skipped : Outcome::pass)
        << one.id << ": " << one.message;
}

TEST_P(RolledChecks, AskForTheRightsOfTheirOwnKindAlone) {
  scene.loaded.values.rollout().strategy = "rolling";
  auto& access = playground.sandbox().access();
  for (const auto* right : {"patch deployments", "create deployments", "patch deployments/scale", "list replicasets"})
    access.deny(right);
  EXPECT_EQ(finding("access-rights").outcome, Outcome::pass) << finding("access-rights").message;
  for (const auto* right : {"patch statefulsets", "patch daemonsets", "delete pods"}) access.deny(right);
  const bool is_stateful = std::string_view(GetParam()) == "StatefulSet";
  EXPECT_EQ(finding("access-rights").message, is_stateful ? "not allowed: patch statefulsets 'myapp', delete pods"
                                                          : "not allowed: patch daemonsets 'myapp'");
}

TEST_P(RolledChecks, APolicyThatRefusesTheImageIsFoundInADryRun) {
  scene.loaded.values.rollout().strategy = "rolling";
  playground.sandbox().access().set_policy("images are pinned by nobody", GetParam(), "@sha256");
  EXPECT_EQ(finding("deployment-admitted").outcome, Outcome::fail);
}

INSTANTIATE_TEST_SUITE_P(Kinds, RolledChecks, testing::Values("StatefulSet", "DaemonSet"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(DeploymentChecks, AServiceWithNothingToSwitchFromFailsAndTheRestIsUnknown) {
  patch_service(R"({"spec":{"selector":{"app":"nobody"}}})");
  const auto checked = run_in(scene, whole_group());
  const auto found = finding_of(checked, "service-switchable");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message, "service 'myapp' has no ready pod behind 'app=nobody'");
  EXPECT_EQ(found.recovery, (std::vector<std::string>{"Bring the live release up first: there is nothing to switch "
                                                      "from, and nothing to go back to."}));
  for (const auto* id : {"autoscaler-can-follow", "deployment-admitted", "access-rights"})
    EXPECT_EQ(finding_of(checked, id).outcome, Outcome::unknown) << id;
}

TEST_F(DeploymentChecks, ATemplateThatDoesNotFitFailsInTheWordsOfSwitch) {
  scene.loaded.values.kubernetes().container = "web";
  const auto found = finding("deployment-admitted");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message, "template of 'myapp-green' has no container 'web', only 'myapp'");
  EXPECT_EQ(found.recovery, (std::vector<std::string>{"Correct kubernetes.container."}));
}

TEST_F(DeploymentChecks, WhatQuotaOrAdmissionRefusesFails) {
  playground.sandbox().access().set_policy("exceeded quota: team, requested: count/deployments.apps=1");
  const auto found = finding("deployment-admitted");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_NE(found.message.find("exceeded quota: team"), std::string::npos) << found.message;
  EXPECT_EQ(found.recovery, (std::vector<std::string>{"Meet the quota or policy that it names, or have it changed."}));
}

TEST_F(DeploymentChecks, AWebhookThatCannotBeTriedIsUnknown) {
  playground.sandbox().access().set_policy("admission webhook \"w\" does not support dry run");
  EXPECT_EQ(finding("deployment-admitted").outcome, Outcome::unknown);
}

TEST_F(DeploymentChecks, AnImageThatIsNotThereLeavesItUnknown) {
  scene.env.release.version = "v9.9.9";
  EXPECT_EQ(finding("deployment-admitted").outcome, Outcome::unknown);
  EXPECT_EQ(finding("digest-not-refused").outcome, Outcome::unknown);
}

TEST_F(DeploymentChecks, AColourThatIsThereIsTriedAsAReplacement) {
  playground.create(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: myapp-green}
spec:
  replicas: 0
  selector: {matchLabels: {app: myapp, version: green}}
  template: {metadata: {labels: {app: myapp, version: green}}, spec: {containers: [{name: c, image: i}]}}
)");
  const auto found = finding("deployment-admitted");
  EXPECT_EQ(found.outcome, Outcome::pass) << found.message;
  EXPECT_EQ((*deployment("myapp-green"))["spec"]["template"]["spec"]["containers"].items().front()["image"], Json("i"));
  playground.sandbox().access().set_policy("no");
  EXPECT_EQ(finding("deployment-admitted").outcome, Outcome::fail);
}

TEST_F(DeploymentChecks, NamesTheRightsThatAreMissing) {
  auto& access = playground.sandbox().access();
  access.deny("patch deployments/scale");
  access.deny("create leases");
  const auto found = finding("access-rights");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.observed, Measured(3, "missing"));
  EXPECT_EQ(found.message,
            "not allowed: patch deployments/scale 'myapp', patch deployments/scale 'myapp-green', create leases");
  EXPECT_EQ(found.recovery.front(),
            "Grant them to the identity the pipeline uses, in namespace 'production': baton-precheck role prints all.");
}

TEST_F(DeploymentChecks, WhatStandsBesideTheDeploymentIsTriedAndItsRightsAreAskedFor) {
  const TempFolder folder;
  const auto path = folder.path() / "k8s.yaml";
  const auto with = [&](const std::string& more) {
    write_file(path,
               "{kind: Deployment, spec: {template: {spec: {containers: [{name: c, envFrom: [{configMapRef: {name: "
               "s}}]}]}}}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: s}}\n---\n" +
                   more);
  };
  scene.loaded.values.kubernetes().manifest = path.string();
  auto& access = playground.sandbox().access();
  access.deny("patch configmaps");
  access.deny("create serviceaccounts");
  with("{apiVersion: v1, kind: ServiceAccount, metadata: {name: shop}}\n");
  EXPECT_EQ(finding("access-rights").message, "not allowed: patch configmaps, create serviceaccounts");
  access.allow("create serviceaccounts");
  access.deny("patch serviceaccounts");
  EXPECT_EQ(finding("access-rights").message, "not allowed: patch configmaps, patch serviceaccounts 'shop'");
  with("");
  EXPECT_EQ(finding("access-rights").message, "not allowed: patch configmaps");
  EXPECT_EQ(finding("manifest-can-apply").outcome, Outcome::pass);
  with("{apiVersion: batch/v1, kind: Job, metadata: {name: j}}\n");
  const auto found = finding("manifest-can-apply");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message, "Job 'j' of '" + path.string() +
                               "' runs by itself, before the release is tried, and no rollback would end it");
  EXPECT_TRUE(playground.client(scene.clock).list(kube::kConfigMaps).empty());
}

TEST_F(DeploymentChecks, RightsForEvidenceAloneAreAWarning) {
  playground.sandbox().access().deny("list events");
  const auto found = finding("access-rights");
  EXPECT_EQ(found.outcome, Outcome::warn);
  EXPECT_EQ(found.message, "not allowed, so that less is saved of a failure: list events");
}

TEST_F(DeploymentChecks, PodsAreAskedOnlyWhereSomethingIsConfiguredToAsk) {
  playground.sandbox().access().deny("get pods/proxy");
  EXPECT_EQ(finding("access-rights").outcome, Outcome::pass);
  scene.loaded.values.rollout().smoke = {{.path = "/health"}};
  EXPECT_EQ(finding("access-rights").message, "not allowed: get pods/proxy");
}

TEST_F(DeploymentChecks, AnImageThatWasRolledBackFails) {
  const Look look(scene.env);
  auto context = look.context();
  const auto digest = look.image().manifest->digest;
  rollout::Lease::acquire(context, rollout::Claim::wait).refuse(digest);
  const auto found = finding("digest-not-refused");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message, "image '" + digest + "' was rolled back before");
  EXPECT_EQ(found.message, rollout::refused_digest(context, digest)->message);
  EXPECT_EQ(found.recovery, rollout::refused_digest(context, digest)->recovery);
}

}  // namespace
}  // namespace baton::precheck
