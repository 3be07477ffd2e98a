// What role prints: golden files for whole configurations, and what it refuses.
#include "tools/precheck/role.h"

#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/core/yaml.h"
#include "tests/precheck/scene.h"
#include "tests/support/places.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

constexpr const char* kShop = "kubernetes: {namespace: production}\n";

struct Case {
  const char* name;    ///< of the golden file
  const char* config;  ///< %s: the manifest
  Options options = {};
};

const char* const kManifest = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec: {template: {spec: {containers: [{name: shop, image: shop, envFrom: [{configMapRef: {name: settings}}]}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop}
)";

const Case kCases[] = {
    {.name = "blue-green",
     .config = R"(
kubernetes: {namespace: production, service: web, services: [web-internal], workers: [mailer], manifest: '%s'}
switch: {smoke: [{path: /health}]}
)",
     .options = {.account = "ci/deployer", .live = "legacy"}},
    {.name = "canary-by-route", .config = R"(
kubernetes: {namespace: production}
switch: {strategy: canary, drain: none, canary: {traffic: gateway-api}}
)"},
    {.name = "rolling-stateful-set",
     .config = "kubernetes: {namespace: production}\nswitch: {strategy: rolling}\n",
     .options = {.account = "ci/deployer", .live = "statefulset/shop-db"}},
    {.name = "finalize-only", .config = kShop, .options = {.steps = {"finalize"}}},
};

class RoleVerb : public testing::TestWithParam<Case> {};

TEST_P(RoleVerb, PrintsWhatTheGoldenFileHolds) {
  const WrittenFile manifest("k8s.yaml", kManifest);
  EnvScene scene(replace_all(GetParam().config, "%s", manifest.path()));
  const auto result = role(GetParam().options, scene.env);
  EXPECT_EQ(result.verdict, Verdict::proceed);
  const auto file = test::source_folder() / "tests/golden/role" / (std::string(GetParam().name) + ".yaml");
  EXPECT_EQ(result.summary, read_file(file)) << "Look at each line that is another now, then write it there.";
}

TEST_P(RoleVerb, ItsListSaysTheSame) {
  const WrittenFile manifest("k8s.yaml", kManifest);
  EnvScene scene(replace_all(GetParam().config, "%s", manifest.path()));
  const auto result = role(GetParam().options, scene.env);
  auto items = Json::array();
  for (const auto& document : parse_yaml_documents(result.summary, "stdout")) items.push_back(to_json(document));
  EXPECT_EQ(items.size(), 4U);
  EXPECT_EQ(result.record, Json::object({{"apiVersion", "v1"}, {"kind", "List"}, {"items", items}}));
}

INSTANTIATE_TEST_SUITE_P(Configurations, RoleVerb, testing::ValuesIn(kCases),
                         [](const auto& test) { return replace_all(test.param.name, "-", "_"); });

std::string refusal(const std::string& config, const Options& options = {}) {
  EnvScene scene(config);
  return test::refusal(ExitCode::usage, [&] { return role(options, scene.env); });
}

TEST(RoleVerbTest, WhatIsNotLookedAtNeedsNoRight) {
  const auto says = [](const std::string& declared, const std::string& resource) {
    EnvScene scene(std::string(kShop) + "precheck: {not_applicable: {" + declared + "}}\n");
    return role({}, scene.env).summary.find(resource) != std::string::npos;
  };
  EXPECT_TRUE(says("", "metrics.k8s.io"));
  EXPECT_TRUE(says("node-cpu: why", "metrics.k8s.io")) << "node-memory is looked at";
  EXPECT_FALSE(says("node-cpu: why, node-memory: why", "metrics.k8s.io"));
  EXPECT_TRUE(says("node-cpu: why, node-memory: why", "limitranges"));
  EXPECT_FALSE(says("cluster-capacity: why", "limitranges"));
  EXPECT_FALSE(says("capacity: why", "runtimeclasses"));
}

TEST(RoleVerbTest, RefusesWhatNoReleaseCouldBeginWith) {
  EXPECT_EQ(refusal(kShop, {.live = "statefulset/shop"}), "a StatefulSet serves: strategy 'blue-green' does not fit");
  EXPECT_EQ(refusal(kShop, {.live = "job/shop"}), "'job/shop' names no workload that a release can go over");
  EXPECT_EQ(refusal(kShop, {.steps = {"migrate"}}), "'migrate' is no step that asks the cluster");
}

TEST(RoleVerbTest, TheNamespaceIsTheContextsWhereNoneIsConfigured) {
  EnvScene scene;
  const KubeconfigOf kubeconfig("https://127.0.0.1:1");
  kubeconfig.use_in(scene);
  EXPECT_EQ(role({}, scene.env).record["items"].items()[0]["metadata"]["namespace"].string(), "default");
  EXPECT_TRUE(test::says(refusal(""), "the namespace of the release is not known: "));
}

}  // namespace
}  // namespace baton::precheck
