// The next colour's Deployment, made from what is live or from a manifest.
#include "common/rollout/next.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/common/rollout/json_of.h"

namespace baton::rollout {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

Json live() {
  return json(R"({
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": {"name": "shop", "uid": "u1", "resourceVersion": "9", "generation": 4,
      "labels": {"app": "shop", "app.kubernetes.io/managed-by": "Helm"},
      "annotations": {"deployment.kubernetes.io/revision": "4", "meta.helm.sh/release-name": "shop", "team": "a"},
      "managedFields": [{"manager": "kubectl"}]},
    "spec": {"replicas": 3, "paused": true, "selector": {"matchLabels": {"app": "shop"}},
      "template": {"metadata": {"creationTimestamp": null, "labels": {"app": "shop"}},
        "spec": {"containers": [{"name": "proxy", "image": "registry/proxy:1"}, {"name": "shop", "image": "registry/shop:v1.5.0"}]}}},
    "status": {"replicas": 3}})");
}

NextColour green() {
  return {.name = "shop-green",
          .colour = "green",
          .label = "version",
          .image = "registry/shop@" + kDigest,
          .container = "",
          .repository = "registry/shop",
          .id = "id-1",
          .version = "v1.6.0",
          .live_replicas = 3,
          .selector = {{"app", "shop"}, {"version", "green"}}};
}

TEST(NextTest, PinsTheImageOfTheRightContainerByDigest) {
  const auto next = next_deployment(live(), green());
  const auto& containers = next["spec"]["template"]["spec"]["containers"].items();
  EXPECT_EQ(containers[0]["image"].string(), "registry/proxy:1");
  EXPECT_EQ(containers[1]["image"].string(), "registry/shop@" + kDigest);
}

TEST(NextTest, EveryContainerOfTheImageMovesInitContainersAndSidecarsToo) {
  auto model = live();
  auto& spec = model["spec"]["template"]["spec"];
  spec["containers"].push_back(json(R"({"name": "worker", "image": "registry/shop:v1.5.0"})"));
  spec["initContainers"] =
      json(R"([{"name": "schema", "image": "registry/shop:v1.5.0"}, {"name": "wait", "image": "busybox"}])");
  const auto next = next_deployment(model, green());
  const auto& made = next["spec"]["template"]["spec"];
  EXPECT_EQ(made["containers"].items()[2]["image"].string(), "registry/shop@" + kDigest);
  EXPECT_EQ(made["initContainers"].items()[0]["image"].string(), "registry/shop@" + kDigest);
  EXPECT_EQ(made["initContainers"].items()[1]["image"].string(), "busybox");
  auto named = green();
  named.container = "shop";
  EXPECT_EQ(next_deployment(model, named)["spec"]["template"]["spec"]["containers"].items()[2]["image"].string(),
            "registry/shop:v1.5.0");
}

TEST(NextTest, CarriesItsColourInNameLabelsSelectorAndTemplate) {
  const auto next = next_deployment(live(), green());
  EXPECT_EQ(next["metadata"]["name"].string(), "shop-green");
  EXPECT_EQ(next["metadata"]["labels"]["version"].string(), "green");
  EXPECT_EQ(next["spec"]["selector"]["matchLabels"]["version"].string(), "green");
  EXPECT_EQ(next["spec"]["template"]["metadata"]["labels"]["version"].string(), "green");
  EXPECT_EQ(next["metadata"]["annotations"]["baton/id"].string(), "id-1");
}

TEST(NextTest, LeavesBehindWhatBelongsToTheOldObject) {
  const auto next = next_deployment(live(), green());
  for (const auto* key : {"uid", "resourceVersion", "generation", "managedFields"}) {
    EXPECT_EQ(next["metadata"].find(key), nullptr) << key;
  }
  EXPECT_EQ(next.find("status"), nullptr);
  EXPECT_EQ(next["spec"].find("paused"), nullptr);
  EXPECT_EQ(next["metadata"]["annotations"].find("deployment.kubernetes.io/revision"), nullptr);
  EXPECT_EQ(next["metadata"]["annotations"].find("meta.helm.sh/release-name"), nullptr);
  EXPECT_EQ(next["metadata"]["labels"].find("app.kubernetes.io/managed-by"), nullptr);
  EXPECT_EQ(next["metadata"]["annotations"]["team"].string(), "a");
}

TEST(NextTest, IsNeverSmallerThanTheLiveColourNorThanTheManifest) {
  auto next = green();
  next.live_replicas = 5;
  EXPECT_EQ(replicas_of(next_deployment(live(), next)), 5);
  next.live_replicas = 2;
  EXPECT_EQ(replicas_of(next_deployment(live(), next)), 3);
}

TEST(NextTest, RefusesATemplateWhosePodsWouldGetNoTraffic) {
  auto next = green();
  next.selector["tier"] = "web";
  EXPECT_THROW(next_deployment(live(), next), Error);
}

TEST(NextTest, RefusesToGuessBetweenContainers) {
  auto next = green();
  next.repository = "registry/other";
  EXPECT_THROW(next_deployment(live(), next), Error);
  next.container = "nothing";
  EXPECT_THROW(next_deployment(live(), next), Error);
  next.container = "proxy";
  EXPECT_EQ(next_deployment(live(), next)["spec"]["template"]["spec"]["containers"].items()[0]["image"].string(),
            next.image);
}

TEST(NextTest, TakesTheOnlyContainerWhateverItsImage) {
  auto model = live();
  model["spec"]["template"]["spec"]["containers"].items().erase(
      model["spec"]["template"]["spec"]["containers"].items().begin());
  auto next = green();
  next.repository = "elsewhere/shop";
  EXPECT_EQ(next_deployment(model, next)["spec"]["template"]["spec"]["containers"].items()[0]["image"].string(),
            next.image);
}

TEST(NextTest, DropsTheTemplateHashOfAColourThatWasCopied) {
  auto model = live();
  model["spec"]["template"]["metadata"]["labels"]["pod-template-hash"] = "5d";
  const auto next = next_deployment(model, green());
  EXPECT_EQ(next["spec"]["template"]["metadata"]["labels"].find("pod-template-hash"), nullptr);
}

TEST(RepositoryTest, CutsTagAndDigestButNoPort) {
  EXPECT_EQ(repository_of("registry:5000/shop:v1"), "registry:5000/shop");
  EXPECT_EQ(repository_of("registry:5000/shop"), "registry:5000/shop");
  EXPECT_EQ(repository_of("registry/shop@" + kDigest), "registry/shop");
  EXPECT_EQ(repository_of("registry/shop:v1@" + kDigest), "registry/shop");
  EXPECT_EQ(repository_of("shop:v1"), "shop");
}

TEST(ReplicasTest, AnAbsentSizeIsOne) { EXPECT_EQ(replicas_of(json(R"({"spec":{}})")), 1); }

}  // namespace
}  // namespace baton::rollout
