// What the file of kubernetes.manifest holds.
#include "common/rollout/manifest.h"

#include <gtest/gtest.h>

#include "common/rollout/next.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

constexpr const char* kNaming = R"(
kind: Deployment
spec: {template: {spec: {containers: [{name: c, envFrom: [{configMapRef: {name: settings}}]}]}}}
---
kind: ConfigMap
metadata: {name: settings}
---
kind: List
items: [{kind: ConfigMap, metadata: {name: others}}, {kind: Ingress, metadata: {name: web}}]
---
)";

TEST(ManifestTest, FindsTheOneDeploymentAmongOthers) {
  const auto found =
      manifest_in("kind: Service\nmetadata: {name: a}\n---\nkind: Deployment\nspec: {replicas: 4}\n", "k8s.yaml");
  EXPECT_EQ(replicas_of(found.deployment), 4);
  ASSERT_EQ(found.beside.size(), 1U);
  EXPECT_EQ(object_text(found.beside[0]), "Service 'a'");
}

TEST(ManifestTest, TellsWhatGoesWithTheColourFromWhatIsApplied) {
  const auto found = manifest_in(kNaming, "k8s.yaml");
  ASSERT_EQ(found.beside.size(), 3U);
  EXPECT_TRUE(is_configuration(found, found.beside[0]));
  EXPECT_EQ(applied_names(found), (std::vector<std::string>{"ConfigMap 'others'", "Ingress 'web'"}));
}

TEST(ManifestTest, RefusesASecretWhereverItStands) {
  for (const auto* text : {"kind: Deployment\n---\nkind: Secret\nmetadata: {name: keys}\n",
                           "kind: List\nitems: [{kind: Deployment}, {kind: Secret, metadata: {name: keys}}]\n"}) {
    EXPECT_TRUE(
        test::says(test::refusal(ExitCode::usage, [&] { return manifest_in(text, "k8s.yaml"); }), "the Secret 'keys'"));
  }
}

TEST(ManifestTest, RefusesNoneAndTwo) {
  EXPECT_THROW(manifest_in("kind: Service\n", "k8s.yaml"), Error);
  EXPECT_THROW(manifest_in("kind: Deployment\n---\nkind: Deployment\n", "k8s.yaml"), Error);
}

}  // namespace
}  // namespace baton::rollout
