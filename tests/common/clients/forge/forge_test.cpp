// What forges say of a commit; their documents are written from the published schemas of GitHub's REST API (2022-11-28)
// and GitLab's (version 4).
#include "common/clients/forge/forge.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/forge.h"
#include "tests/support/refusal.h"

namespace baton::forge {
namespace {

const std::string kCommit(40, 'a');
const std::string kHead(40, 'c');

class ForgeTest : public testing::Test {
 protected:
  std::unique_ptr<Forge> github(const std::string& token = "opensesame") {
    return connect("github", HttpClient({.attempts = 1}, Environment{}, clock_),
                   Environment({{"GITHUB_API_URL", documents.url()},
                                {"GITHUB_REPOSITORY", "team/shop"},
                                {"GITHUB_TOKEN", token},
                                {"GITHUB_RUN_ID", "77"}}));
  }
  std::unique_ptr<Forge> gitlab(const std::string& variable = "GITLAB_TOKEN") {
    return connect("gitlab", HttpClient({.attempts = 1}, Environment{}, clock_),
                   Environment({{"CI_API_V4_URL", documents.url() + "/api/v4"},
                                {"CI_PROJECT_ID", "42"},
                                {variable, "opensesame"},
                                {"CI_PIPELINE_ID", "900"}}));
  }
  template <typename Act>
  static std::string reason(Act act) {
    return test::refusal_and_hint(ExitCode::unknown, act);
  }

  test::Documents documents;
  SystemClock clock_;
};

class GitHubTest : public ForgeTest {
 protected:
  GitHubTest() {
    documents.put(kPulls, "[" + pull(12, "\"2026-01-01T00:00:00Z\"") + "]");
    documents.put(kReviews, "[]");
  }
  static std::string pull(int number, const std::string& merged_at) {
    return R"({"number":)" + std::to_string(number) + R"(,"state":"closed","merged_at":)" + merged_at +
           R"(,"user":{"login":"ann"},"base":{"ref":"main"},"head":{"sha":")" + kHead + R"("}})";
  }
  static std::string review(const std::string& who, const std::string& state, const std::string& head = kHead,
                            const std::string& association = "MEMBER", const std::string& type = "User") {
    return R"({"user":{"login":")" + who + R"(","type":")" + type + R"("},"state":")" + state + R"(","commit_id":")" +
           head + R"(","author_association":")" + association + R"("})";
  }
  Pull after(const std::string& reviews) {
    documents.put(kReviews, "[" + reviews + "]");
    return github()->pulls_of(kCommit, {}).at(0);
  }

  using Names = std::vector<std::string>;
  const std::string kPulls = "/repos/team/shop/commits/" + kCommit + "/pulls";
  const std::string kReviews = "/repos/team/shop/pulls/12/reviews";
};

TEST_F(GitHubTest, AnApprovalOfTheHeadCounts) {
  const auto pull = after(review("jo", "APPROVED"));
  EXPECT_EQ(pull.name, "#12");
  EXPECT_EQ(pull.branch, "main");
  EXPECT_TRUE(pull.is_merged);
  EXPECT_EQ(pull.approvers, Names{"jo"});
  EXPECT_EQ(documents.received().at(0).header("Authorization"), "Bearer opensesame");
  EXPECT_EQ(documents.received().at(0).header("Accept"), "application/vnd.github+json");
}

TEST_F(GitHubTest, WhatIsNoApproval) {
  EXPECT_EQ(after(review("ann", "APPROVED")).approvers, Names{}) << "the author's own";
  EXPECT_EQ(after(review("jo", "APPROVED", std::string(40, 'd'))).approvers, Names{}) << "of an older head";
  EXPECT_EQ(after(review("jo", "APPROVED") + "," + review("jo", "DISMISSED")).approvers, Names{});
  EXPECT_EQ(after(review("jo", "COMMENTED")).approvers, Names{});
  EXPECT_EQ(after(review("eve", "APPROVED", kHead, "NONE")).approvers, Names{}) << "of somebody who may not write";
  EXPECT_EQ(after(review("bot", "APPROVED", kHead, "MEMBER", "Bot")).approvers, Names{});
}

TEST_F(GitHubTest, EveryonesLastWordCountsOnce) {
  EXPECT_EQ(
      after(review("jo", "APPROVED") + "," + review("jo", "APPROVED") + "," + review("jo", "COMMENTED")).approvers,
      Names{"jo"});
  const auto refused = after(review("jo", "APPROVED") + "," + review("jo", "CHANGES_REQUESTED"));
  EXPECT_EQ(refused.approvers, Names{});
  EXPECT_EQ(refused.objectors, Names{"jo"});
  EXPECT_EQ(after(review("jo", "CHANGES_REQUESTED") + "," + review("jo", "APPROVED")).objectors, Names{});
}

TEST_F(GitHubTest, ReviewsComeInPages) {
  std::string first = review("p0", "COMMENTED");
  for (int i = 1; i < 100; ++i) first += "," + review("p" + std::to_string(i), "COMMENTED");
  documents.pages[kReviews] = {"[" + first + "]", "[" + review("jo", "APPROVED") + "]"};
  EXPECT_EQ(github()->pulls_of(kCommit, {}).at(0).approvers, Names{"jo"});
  documents.pages[kReviews] = std::vector<std::string>(25, "[" + first + "]");
  EXPECT_NE(reason([&] { github()->pulls_of(kCommit, {}); }).find("more than 2000"), std::string::npos);
}

TEST_F(GitHubTest, MergedPullsComeFirst) {
  documents.put(kPulls, "[" + pull(13, "null") + "," + pull(12, "\"2026-01-01T00:00:00Z\"") + "]");
  documents.put("/repos/team/shop/pulls/13/reviews", "[]");
  const auto pulls = github()->pulls_of(kCommit, {});
  ASSERT_EQ(pulls.size(), 2U);
  EXPECT_EQ(pulls[0].name, "#12");
  EXPECT_FALSE(pulls[1].is_merged);
  documents.put(kPulls, "[]");
  EXPECT_TRUE(github()->pulls_of(kCommit, {}).empty());
}

TEST_F(GitHubTest, ACommitIsOnABranchThatIsAheadOfIt) {
  const auto on_branch = [&](const std::string& status) {
    documents.put("/repos/team/shop/compare/release%2F1..." + kCommit, R"({"status":")" + status + R"("})");
    return github()->is_on_branch(kCommit, "release/1", {});
  };
  EXPECT_TRUE(on_branch("identical"));
  EXPECT_TRUE(on_branch("behind"));
  EXPECT_FALSE(on_branch("ahead"));
  EXPECT_FALSE(on_branch("diverged"));
  EXPECT_NE(reason([&] { github()->is_on_branch(kCommit, "gone", {}); }).find("status 404: 'Not Found'"),
            std::string::npos);
}

class GitHubJobsTest : public GitHubTest {
 protected:
  GitHubJobsTest() { ran("", ""); }
  static std::string check(const std::string& name, const std::string& status, const std::string& conclusion,
                           int run = 1) {
    return R"({"name":")" + name + R"(","status":")" + status + R"(","conclusion":)" +
           (conclusion.empty() ? "null" : "\"" + conclusion + "\"") +
           R"(,"details_url":"https://github.com/team/shop/actions/runs/)" + std::to_string(run) + R"(/job/5"})";
  }
  void ran(const std::string& checks, const std::string& statuses) {
    documents.put(kPlace + "/check-runs", R"({"total_count":1,"check_runs":[)" + checks + "]}");
    documents.put(kPlace + "/status", R"({"state":"x","statuses":[)" + statuses + "]}");
  }
  std::string states() {
    std::string text;
    for (const auto& job : github()->jobs_of(kCommit, "main", {}).all) {
      constexpr std::string_view kLetters = "gboa";
      text += job.name + ":" + kLetters[static_cast<std::size_t>(job.state)] + " ";
    }
    return text;
  }
  const std::string kPlace = "/repos/team/shop/commits/" + kCommit;
};

TEST_F(GitHubJobsTest, ChecksAndStatusesAreToldByTheirConclusions) {
  ran(check("a", "completed", "success") + "," + check("b", "completed", "failure") + "," +
          check("c", "in_progress", "") + "," + check("d", "completed", "skipped") + "," +
          check("e", "completed", "timed_out") + "," + check("f", "completed", "cancelled"),
      R"({"context":"x","state":"success"},{"context":"y","state":"pending"},{"context":"z","state":"error"})");
  EXPECT_EQ(states(), "a:g b:b c:o d:g e:b f:b x:g y:o z:b ");
  ran("", "");
  EXPECT_EQ(states(), "");
}

TEST_F(GitHubJobsTest, OurOwnRunningJobIsLeftOut) {
  ran(check("deploy", "in_progress", "", 77) + "," + check("build", "completed", "failure", 77) + "," +
          check("other", "queued", "", 7),
      "");
  EXPECT_EQ(states(), "build:b other:o ");
}

TEST_F(GitHubJobsTest, WhereTheBranchSaysWhatIsRequiredOnlyThatCounts) {
  ran(check("a", "completed", "success") + "," + check("flaky", "completed", "failure"), "");
  documents.put("/repos/team/shop/branches/main",
                R"({"protection":{"enabled":true,"required_status_checks":{"contexts":["a"]}}})");
  documents.put("/repos/team/shop/rules/branches/main",
                R"([{"type":"deletion"},{"type":"required_status_checks",
                    "parameters":{"required_status_checks":[{"context":"never"}]}}])");
  EXPECT_EQ(states(), "a:g never:a ");
  EXPECT_TRUE(github()->jobs_of(kCommit, "main", {}).are_required);
}

TEST_F(ForgeTest, AUsedUpLimitIsSaidAndUnknown) {
  documents.refusal = {.status = 403, .headers = {{"X-RateLimit-Remaining", "0"}}, .body = R"({"message":"limit"})"};
  EXPECT_NE(reason([&] { github()->pulls_of(kCommit, {}); }).find("rate limit is used up"), std::string::npos);
  documents.refusal = {.status = 429};
  EXPECT_NE(reason([&] { gitlab()->pulls_of(kCommit, {}); }).find("rate limit is used up"), std::string::npos);
}

TEST_F(ForgeTest, ARefusalIsSaidWithoutTheToken) {
  documents.refusal = {.status = 401, .body = R"({"message":"bad opensesame"})"};
  const auto said = reason([&] { github()->is_on_branch(kCommit, "main", {}); });
  EXPECT_NE(said.find("status 401"), std::string::npos);
  EXPECT_NE(said.find("GITHUB_TOKEN"), std::string::npos);
  EXPECT_EQ(said.find("opensesame"), std::string::npos);
}

TEST_F(ForgeTest, AnotherAnswerIsUnknown) {
  for (const auto* body : {"", "<html>", "{}", "7", R"([{"number":"x"}])", R"([{"number":1}])"}) {
    documents.put("/repos/team/shop/commits/" + kCommit + "/pulls", body);
    EXPECT_NE(reason([&] { github()->pulls_of(kCommit, {}); }), "") << body;
  }
}

Environment with(const std::string& name, const std::string& value) {
  std::map<std::string, std::string, std::less<>> values;
  values[name] = value;
  return Environment(std::move(values));
}

TEST(Forges, AreNamedByTheEnvironment) {
  EXPECT_EQ(kind_from(with("GITHUB_REPOSITORY", "a/b")), "github");
  EXPECT_EQ(kind_from(with("CI_PROJECT_ID", "1")), "gitlab");
  EXPECT_EQ(kind_from(Environment{}), "");
  EXPECT_FALSE(has_token("gitlab", with("CI_JOB_TOKEN", "t")));
  EXPECT_TRUE(has_token("gitlab", with("GITLAB_TOKEN", "t")));
  EXPECT_TRUE(has_token("github", with("GH_TOKEN", "t")));
  SystemClock clock;
  EXPECT_THROW(connect("", HttpClient({}, Environment{}, clock), Environment{}), Error);
  EXPECT_THROW(connect("github", HttpClient({}, Environment{}, clock), Environment{}), Error);
}

class GitLabTest : public ForgeTest {
 protected:
  const std::string kProject = "/api/v4/projects/42";
  const std::string kRequests = kProject + "/repository/commits/" + kCommit + "/merge_requests";
};

TEST_F(GitLabTest, ApprovalsOfOthersThanTheAuthorCount) {
  documents.put(kRequests, R"([{"iid":7,"state":"merged","target_branch":"main","author":{"username":"ann"}}])");
  documents.put(kProject + "/merge_requests/7/approvals",
                R"({"approved_by":[{"user":{"username":"ann"}},{"user":{"username":"jo"}}]})");
  const auto pull = gitlab()->pulls_of(kCommit, {}).at(0);
  EXPECT_EQ(pull.name, "!7");
  EXPECT_TRUE(pull.is_merged);
  EXPECT_EQ(pull.approvers, std::vector<std::string>{"jo"});
  EXPECT_EQ(documents.received().at(0).header("PRIVATE-TOKEN"), "opensesame");
  gitlab("CI_JOB_TOKEN")->pulls_of(kCommit, {});
  EXPECT_EQ(documents.received().back().header("JOB-TOKEN"), "opensesame");
}

TEST_F(GitLabTest, ACommitIsOnTheBranchWhoseMergeBaseItIs) {
  documents.put(kProject + "/repository/merge_base", R"({"id":")" + kCommit + R"("})");
  EXPECT_TRUE(gitlab()->is_on_branch(kCommit, "main", {}));
  documents.put(kProject + "/repository/merge_base", R"({"id":")" + kHead + R"("})");
  EXPECT_FALSE(gitlab()->is_on_branch(kCommit, "main", {}));
}

TEST_F(GitLabTest, TheNewestPipelineOfARefCountsAndOfOursWhatIsOver) {
  documents.put(kProject + "/pipelines", R"([{"id":900,"ref":"v1","source":"push","status":"running"},
      {"id":800,"ref":"main","source":"push","status":"success"},{"id":700,"ref":"main","source":"push","status":"failed"},
      {"id":600,"ref":"main","source":"schedule","status":"failed"}])");
  documents.put(kProject + "/pipelines/900/jobs", R"([{"name":"build","status":"success","allow_failure":false},
      {"name":"lint","status":"failed","allow_failure":true},{"name":"unit","status":"failed","allow_failure":false},
      {"name":"precheck","status":"running","allow_failure":false},{"name":"later","status":"created"}])");
  std::string text;
  for (const auto& job : gitlab()->jobs_of(kCommit, "main", {}).all) text += job.name + "=" + job.word + " ";
  EXPECT_EQ(text, "pipeline 800=success pipeline 600=failed build=success unit=failed ");
}

}  // namespace
}  // namespace baton::forge
