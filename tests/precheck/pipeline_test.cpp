// The release's commit on its forge, and what the clusters remember of rollbacks.
#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "tests/precheck/scene.h"
#include "tests/support/forge.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

const std::string kCommit(40, 'a');

class PipelineTest : public testing::Test {
 protected:
  Finding seen(const std::string& check, const std::string& yaml = "", const std::string& token = "opensesame") {
    EnvScene scene(yaml);
    scene.env.release.commit = kCommit;
    scene.environment =
        Environment({{"GITHUB_API_URL", documents.url()}, {"GITHUB_REPOSITORY", "team/shop"}, {"GITHUB_TOKEN", token}});
    return look_at(scene, check);
  }
  void compared(const std::string& status, const std::string& branch = "main") {
    documents.put("/repos/team/shop/compare/" + branch + "..." + kCommit, R"({"status":")" + status + R"("})");
  }
  void ran(const std::string& checks) {
    documents.put(kPlace + "/check-runs", R"({"check_runs":[)" + checks + "]}");
    documents.put(kPlace + "/status", R"({"statuses":[]})");
  }
  static std::string check(const std::string& name, const std::string& conclusion) {
    return R"({"name":")" + name + R"(","status":")" + (conclusion.empty() ? "queued" : "completed") +
           R"(","conclusion":)" + (conclusion.empty() ? "null" : "\"" + conclusion + "\"") + "}";
  }
  const std::string kPlace = "/repos/team/shop/commits/" + kCommit;
  test::Documents documents;
};

TEST_F(PipelineTest, ACommitOnTheBranchPassesAnotherStops) {
  compared("behind");
  EXPECT_EQ(seen("commit-on-branch").outcome, Outcome::pass);
  compared("diverged");
  const auto finding = seen("commit-on-branch");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_TRUE(finding.critical);
  compared("identical", "release");
  EXPECT_EQ(seen("commit-on-branch", "precheck: {branch: release}").outcome, Outcome::pass);
  EXPECT_EQ(seen("commit-on-branch", "precheck: {branch: gone}").outcome, Outcome::unknown);
}

TEST_F(PipelineTest, WithoutATokenNobodyIsAskedUnlessItIsConfigured) {
  compared("behind");
  for (const auto* check : {"commit-on-branch", "required-checks"}) {
    const auto finding = seen(check, "", "");
    EXPECT_EQ(finding.outcome, Outcome::skipped) << check;
    EXPECT_FALSE(finding.settled);
  }
  EXPECT_EQ(seen("commit-on-branch", "precheck: {branch: main}", "").outcome, Outcome::pass);
  EnvScene nowhere("precheck: {branch: main}");
  nowhere.env.release.commit = kCommit;
  EXPECT_EQ(look_at(nowhere, "commit-on-branch").outcome, Outcome::unknown);
}

TEST_F(PipelineTest, AReleaseWithoutACommitIsUnknown) {
  EnvScene scene;
  scene.environment = Environment({{"GITHUB_REPOSITORY", "team/shop"}, {"GITHUB_TOKEN", "t"}});
  for (const auto* check : {"commit-on-branch", "required-checks"})
    EXPECT_EQ(look_at(scene, check).outcome, Outcome::unknown) << check;
}

TEST_F(PipelineTest, EveryCheckMustHaveEndedWell) {
  ran(check("build", "success") + "," + check("test", "success"));
  auto finding = seen("required-checks");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed, Measured("2/2"));
  ran(check("build", "success") + "," + check("test", "failure"));
  finding = seen("required-checks");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.message, "did not end well: test (failure)");
  ran(check("build", "success") + "," + check("test", ""));
  EXPECT_EQ(seen("required-checks").outcome, Outcome::unknown);
  ran("");
  EXPECT_EQ(seen("required-checks").outcome, Outcome::unknown) << "0 of 0 is no pass";
}

/// A cluster with one Lease.
class DrillTest : public testing::Test {
 protected:
  Finding seen(const std::string& yaml = "") {
    const KubeconfigOf cluster(documents.url());
    EnvScene scene("kubernetes: {namespace: shop}\n" + yaml);
    cluster.use_in(scene);
    now = scene.clock.now();
    return look_at(scene, "rollback-drill");
  }
  void remembers(const std::string& state, const std::string& proved_at, const std::string& place = "shop") {
    const auto entry = R"([{"id":"i","version":"v1","digest":"sha256:)" + std::string(64, 'd') +
                       R"(","steps":{"switch":")" + state + R"("},"proved_at":")" + proved_at + R"("}])";
    documents.put(
        "/apis/coordination.k8s.io/v1/namespaces/" + place + "/leases/baton-shop",
        to_text(Json::object({{"metadata", Json::object({{"name", "baton-shop"},
                                                         {"annotations", Json::object({{"baton/ledger", entry}})}})},
                              {"spec", Json::object()}})));
  }
  test::Documents documents;
  Time now;
};

TEST_F(DrillTest, ARollbackOfTheLast30DaysIsADrill) {
  remembers("rolled-back", "2026-01-30T12:00:00.001Z");
  EXPECT_EQ(seen().outcome, Outcome::pass) << seen().message;
  remembers("rolled-back", "2026-01-30T12:00:00Z");
  EXPECT_EQ(seen().outcome, Outcome::warn) << "30 days old";
  remembers("proceed", "2026-02-28T12:00:00Z");
  EXPECT_EQ(seen().outcome, Outcome::warn);
}

TEST_F(DrillTest, AClusterThatRemembersNothingWarnsAndOneThatCannotBeAskedIsUnknown) {
  documents.refusal = {.status = 404, .body = R"({"kind":"Status","reason":"NotFound","code":404})"};
  EXPECT_EQ(seen().outcome, Outcome::warn);
  documents.refusal = {.status = 403, .body = R"({"kind":"Status","reason":"Forbidden","code":403})"};
  EXPECT_EQ(seen().outcome, Outcome::unknown);
}

TEST_F(DrillTest, ARollbackOfThisImageOnStagingIsADrillOfAnyOtherIsNone) {
  documents.refusal = {.status = 404, .body = R"({"kind":"Status","reason":"NotFound","code":404})"};
  remembers("rolled-back", "2025-06-01T12:00:00Z", "staging");
  const std::string manifest = R"({"schemaVersion":2,"layers":[{"size":10}]})";
  test::HttpServer registry([&](const test::Received&) {
    return test::Answer{.headers = {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"}}, .body = manifest};
  });
  const auto yaml = "image: 127.0.0.1:" + std::to_string(registry.port()) + "/shop\n" +
                    "precheck: {staging: {kubernetes: {namespace: staging}}}";
  EXPECT_EQ(seen(yaml).outcome, Outcome::warn) << "of another image";
  auto& page = documents.pages.begin()->second.at(0);
  page.replace(page.find(std::string(64, 'd')), 64, sha256_hex(manifest));
  const auto finding = seen(yaml);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed, Measured("on staging"));
}

}  // namespace
}  // namespace baton::precheck
