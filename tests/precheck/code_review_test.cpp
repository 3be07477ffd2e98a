// A review by its score, by approvals on a forge, by SonarQube's gate (documents written from the published schema of
// its Web API).
#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/support/background.h"
#include "tests/support/forge.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

const std::string kCommit(40, 'a');

Finding by_score(const std::string& json, const std::string& more = "", Duration age = Duration{0}) {
  const WrittenFile file("review.json", json);
  EnvScene scene("precheck: {quality: {review: {file: '" + file.path() + "', pointer: /score" + more + "}}}");
  file.age_in(scene, age);
  return look_at(scene, "code-review");
}

TEST(CodeReview, PassesFrom90OnAndFailsBelow) {
  const auto finding = by_score(R"({"score":90})");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed, Measured(90, "/100"));
  EXPECT_TRUE(finding.critical);
  EXPECT_EQ(by_score(R"({"score":89.9})").outcome, Outcome::fail);
  EXPECT_EQ(by_score(R"({"score":89.9})", ", min: 85").outcome, Outcome::pass);
}

TEST(CodeReview, AFileThatSaysNoScoreIsUnknown) {
  for (const auto* json : {"", "{", "{}", R"({"score":"90"})", R"({"score":null})", R"({"score":101})",
                           R"({"score":-1})", "<score>90</score>", R"({"score":true})"})
    EXPECT_EQ(by_score(json).outcome, Outcome::unknown) << json;
  EnvScene scene("precheck: {quality: {review: {file: nowhere.json, pointer: /score}}}");
  EXPECT_EQ(look_at(scene, "code-review").outcome, Outcome::unknown);
}

TEST(CodeReview, AnOldScoreIsUnknown) {
  EXPECT_EQ(by_score(R"({"score":95})", "", std::chrono::hours(24)).outcome, Outcome::pass);
  EXPECT_EQ(by_score(R"({"score":95})", "", std::chrono::hours(24) + Duration{1}).outcome, Outcome::unknown);
}

TEST(CodeReview, WithoutASourceItIsSkippedAndSaysSo) {
  EnvScene scene;
  const auto finding = look_at(scene, "code-review");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_FALSE(finding.settled);
  EXPECT_NE(finding.message.find("not configured"), std::string::npos);
}

class ForgeReview : public testing::Test {
 protected:
  Finding seen(const std::string& more = "", const std::string& commit = kCommit) {
    EnvScene scene("precheck: {quality: {review: {forge: gitlab" + more + "}}}");
    scene.env.release.commit = commit;
    scene.environment =
        Environment({{"CI_API_V4_URL", documents.url()}, {"CI_PROJECT_ID", "42"}, {"GITLAB_TOKEN", "opensesame"}});
    return look_at(scene, "code-review");
  }
  void approved_by(const std::string& users, const std::string& state = "merged") {
    documents.put("/projects/42/repository/commits/" + kCommit + "/merge_requests",
                  R"([{"iid":7,"state":")" + state + R"(","author":{"username":"ann"}}])");
    documents.put("/projects/42/merge_requests/7/approvals", R"({"approved_by":[)" + users + "]}");
  }
  test::Documents documents;
};

TEST_F(ForgeReview, OneApprovalPassesNoneFails) {
  approved_by(R"({"user":{"username":"jo"}})");
  EXPECT_EQ(seen().outcome, Outcome::pass);
  EXPECT_EQ(seen().observed, Measured(1, "approvals"));
  EXPECT_EQ(seen(", approvals: 2").outcome, Outcome::fail);
  approved_by("");
  EXPECT_EQ(seen().outcome, Outcome::fail);
  EXPECT_EQ(seen().observed, Measured(0, "approvals"));
  approved_by(R"({"user":{"username":"ann"}})");
  EXPECT_EQ(seen().outcome, Outcome::fail) << "the author's own";
}

TEST_F(ForgeReview, ARequestThatIsNotMergedIsNoReviewOfTheRelease) {
  approved_by(R"({"user":{"username":"jo"}})", "opened");
  EXPECT_EQ(seen().outcome, Outcome::fail);
}

TEST_F(ForgeReview, ACommitThatCameByNoRequestFails) {
  documents.put("/projects/42/repository/commits/" + kCommit + "/merge_requests", "[]");
  const auto finding = seen();
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("knows no request"), std::string::npos) << finding.message;
}

TEST_F(ForgeReview, WhatCannotBeAskedIsUnknown) {
  EXPECT_EQ(seen().outcome, Outcome::unknown);
  approved_by(R"({"user":{"username":"jo"}})");
  EXPECT_EQ(seen("", "").outcome, Outcome::unknown) << "no commit";
}

class SonarReview : public testing::Test {
 protected:
  Finding seen(const std::string& more = "") {
    EnvScene scene("precheck: {quality: {review: {sonarqube: {url: '" + documents.url() +
                   "', token: opensesame, project: shop}" + more + "}}}");
    scene.env.release.commit = kCommit;
    return look_at(scene, "code-review");
  }
  void gate(const std::string& status, const std::string& revision = kCommit) {
    documents.put("/api/qualitygates/project_status",
                  R"({"projectStatus":{"status":")" + status +
                      R"(","conditions":[{"status":"ERROR","metricKey":"new_coverage",
          "comparator":"LT","errorThreshold":"80","actualValue":"62.5"},{"status":"OK","metricKey":"bugs"}]}})");
    documents.put("/api/project_analyses/search",
                  R"({"analyses":[{"key":"k","date":"2026-03-01T10:00:00+0000","revision":")" + revision + R"("}]})");
  }
  test::Documents documents;
};

TEST_F(SonarReview, TheGateDecides) {
  gate("OK");
  EXPECT_EQ(seen().outcome, Outcome::pass);
  EXPECT_EQ(documents.received().at(0).header("Authorization"), "Bearer opensesame");
  gate("ERROR");
  EXPECT_EQ(seen().outcome, Outcome::fail);
  EXPECT_NE(seen().message.find("new_coverage 62.5, asked for 80"), std::string::npos) << seen().message;
  gate("WARN");
  EXPECT_EQ(seen().outcome, Outcome::warn);
  gate("NONE");
  EXPECT_EQ(seen().outcome, Outcome::unknown);
  gate("FINE");
  EXPECT_EQ(seen().outcome, Outcome::unknown);
}

TEST_F(SonarReview, AGateOfAnotherCommitIsUnknown) {
  gate("OK", std::string(40, 'b'));
  EXPECT_EQ(seen().outcome, Outcome::unknown);
  gate("OK", "");
  EXPECT_EQ(seen().outcome, Outcome::unknown);
  documents.put("/api/project_analyses/search", R"({"analyses":[]})");
  EXPECT_EQ(seen().outcome, Outcome::unknown);
}

TEST_F(SonarReview, AnotherAnswerIsUnknown) {
  EXPECT_EQ(seen().outcome, Outcome::unknown);
  documents.put("/api/qualitygates/project_status", "<html>");
  EXPECT_EQ(seen().outcome, Outcome::unknown);
}

TEST_F(SonarReview, AllThatIsConfiguredMustHold) {
  gate("OK");
  const WrittenFile file("review.json", R"({"score":50})");
  EnvScene scene("precheck: {quality: {review: {file: '" + file.path() + "', pointer: /score, sonarqube: {url: '" +
                 documents.url() + "', project: shop}}}}");
  scene.env.release.commit = kCommit;
  file.age_in(scene);
  const auto finding = look_at(scene, "code-review");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.observed, Measured(50, "/100"));
}

}  // namespace
}  // namespace baton::precheck
