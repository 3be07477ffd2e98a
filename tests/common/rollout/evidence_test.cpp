// What is saved of a failed release: no value of a variable, under no name but its own, behind no link.
#include "common/rollout/evidence.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/rollout/masked.h"
#include "tests/common/rollout/ground.h"

namespace baton::rollout {
namespace {

Json object(const std::string& text) { return parse_json(text, "test"); }

TEST(MaskedTest, ValuesOfVariablesGoAndNamesStay) {
  const Json pod = object(R"({"spec": {
    "containers": [{"env": [{"name": "A", "value": "v1"}, {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}],
                    "args": ["a"]}],
    "initContainers": [{"env": [{"name": "C", "value": "v2"}]}]}})");
  EXPECT_EQ(masked(pod), object(R"({"spec": {
    "containers": [{"env": [{"name": "A", "value": "***"}, {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}],
                    "args": ["a"]}],
    "initContainers": [{"env": [{"name": "C", "value": "***"}]}]}})"));
}

TEST(MaskedTest, WhatWasLastAppliedGoesToo) {
  const Json deployment = object(R"({"metadata": {"annotations": {
    "kubectl.kubernetes.io/last-applied-configuration": "{\"env\": [{\"value\": \"v\"}]}", "a": "b"}}})");
  EXPECT_EQ(masked(deployment)["metadata"]["annotations"],
            object(R"({"kubectl.kubernetes.io/last-applied-configuration": "***", "a": "b"})"));
}

TEST(MaskedTest, WhatIsCalledEnvAndIsNoListIsLetBe) {
  const Json labels = object(R"({"labels": {"env": "production", "value": "x"}, "env": ["a", null]})");
  EXPECT_EQ(masked(labels), labels);
}

class EvidenceTest : public testing::Test {
 protected:
  fs::path folder() const { return ground_.folder.path() / "dot" / "evidence"; }
  std::vector<std::string> save() {
    auto context = ground_.context();
    return save_evidence(context, {.deployment = "myapp"}, folder().string());
  }
  Ground ground_;
};

// A webhook may have given them what the Deployment does not show.
TEST_F(EvidenceTest, HoldsThePodsAsTheyAre) {
  ASSERT_FALSE(save().empty());
  const auto pods = parse_json(read_file(folder() / "myapp-pods.json"), "pods");
  EXPECT_EQ(pods.items().front()["spec"]["containers"].items().front()["resources"]["limits"]["memory"], Json("128Mi"));
}

TEST_F(EvidenceTest, HoldsNoValueOfAVariableAndIsForItsOwnerOnly) {
  ground_.kube.merge_patch(
      kube::kDeployments, "myapp",
      object(
          R"({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "PlainEnvSecret42"}}})"));
  auto deployment = ground_.deployment("myapp");
  Json containers = deployment["spec"]["template"]["spec"]["containers"];
  containers.items().front()["env"] = object(R"([{"name": "DB_PASSWORD", "value": "PlainEnvSecret42"}])");
  Json patch;
  patch["spec"]["template"]["spec"]["containers"] = containers;
  ground_.kube.merge_patch(kube::kDeployments, "myapp", patch);
  const auto files = save();
  ASSERT_FALSE(files.empty());
  for (const auto& name : files) {
    EXPECT_EQ(read_file(folder() / name).find("PlainEnvSecret42"), std::string::npos) << name;
    struct stat status {};
    ASSERT_EQ(::stat((folder() / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U) << name;
  }
  EXPECT_NE(read_file(folder() / "myapp-deployment.json").find("DB_PASSWORD"), std::string::npos);
}

TEST_F(EvidenceTest, GoesThroughNoLink) {
  fs::create_directories(ground_.folder.path() / "secret");
  fs::create_directories(folder().parent_path());
  fs::create_directory_symlink(ground_.folder.path() / "secret", folder());
  EXPECT_TRUE(save().empty());
  EXPECT_TRUE(fs::is_empty(ground_.folder.path() / "secret"));
}

TEST_F(EvidenceTest, ALinkInPlaceOfAFileIsNoEvidence) {
  write_file(ground_.folder.path() / "victim", "safe");
  fs::create_directories(folder());
  fs::create_symlink(ground_.folder.path() / "victim", folder() / "myapp-deployment.json");
  EXPECT_FALSE(save().empty());
  EXPECT_EQ(read_file(ground_.folder.path() / "victim"), "safe");
  EXPECT_FALSE(fs::is_symlink(folder() / "myapp-deployment.json"));
}

TEST(EvidenceNameTest, HoldsNothingThatLeadsOutOfAFolder) {
  EXPECT_EQ(evidence_name("myapp-green-7d9-x2-app.log"), "myapp-green-7d9-x2-app.log");
  EXPECT_EQ(evidence_name("pod-/../../PWN/dropped.log"), "pod-_.._.._PWN_dropped.log");
  EXPECT_EQ(evidence_name("../x"), "_._x");
  EXPECT_EQ(evidence_name(std::string("a\0b\n", 4)), "a_b_");
}

}  // namespace
}  // namespace baton::rollout
