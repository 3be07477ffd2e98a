// The release comes from the flag, the CI's tag, or an exact git tag, in this order.
#include "common/ci/release.h"

#include <gtest/gtest.h>

#include "common/ci/run.h"
#include "common/config/sections/run.h"
#include "common/core/error.h"
#include "common/io/files.h"
#include "common/io/process.h"

namespace baton {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

class ReleaseTest : public testing::Test {
 protected:
  ReleaseTest() { fs::current_path(folder_.path()); }
  ~ReleaseTest() override { fs::current_path(before_); }

  void git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "-c", "user.name=jo", "-c", "user.email=jo@example.com"});
    ASSERT_EQ(run_process({.argv = words, .folder = folder_.path()}).exit_code, 0);
  }
  Release find(const Variables& variables = {}, const std::string& flag = {}) const {
    Config config;
    config.app = "shop";
    config.run().release = flag;
    return find_release(config, Environment(variables));
  }

  fs::path before_ = fs::current_path();
  TempFolder folder_;
};

TEST_F(ReleaseTest, KnowsNoneWithoutRepositoryAndCi) {
  EXPECT_EQ(find().version, "");
  EXPECT_EQ(find().commit, "");
}

TEST_F(ReleaseTest, TakesTheExactTagAndTheCommitOfTheCheckout) {
  git({"init", "-q", "-b", "main"});
  git({"commit", "-q", "--allow-empty", "-m", "one"});
  EXPECT_EQ(find().version, "");
  EXPECT_EQ(find().commit.size(), 40U);
  git({"tag", "v1.6.0"});
  EXPECT_EQ(find().version, "v1.6.0");
  EXPECT_EQ(find(Variables{{"CI_COMMIT_TAG", "v1.7.0"}, {"CI_COMMIT_SHA", "decaf"}}).version, "v1.7.0");
  EXPECT_EQ(find(Variables{{"CI_COMMIT_SHA", "decaf"}}).commit, "decaf");
  EXPECT_EQ(find(Variables{{"CI_COMMIT_TAG", "v1.7.0"}}, "v1.8.0").version, "v1.8.0");
}

TEST_F(ReleaseTest, TakesGithubsTagButNotItsBranch) {
  EXPECT_EQ(find(Variables{{"GITHUB_REF_TYPE", "tag"}, {"GITHUB_REF_NAME", "v1.6.0"}}).version, "v1.6.0");
  EXPECT_EQ(find(Variables{{"GITHUB_REF_TYPE", "branch"}, {"GITHUB_REF_NAME", "main"}}).version, "");
}

TEST_F(ReleaseTest, RefusesWhatIsNoVersion) {
  for (const char* text : {"../x", "a b", "v1/2", ".hidden", "-x", "v1\n::error::"})
    EXPECT_THROW(find({}, text), Error) << text;
  for (const char* text : {"v1.6.0", "1.6.0-rc.1+build_5", "2025-11-04"}) EXPECT_NO_THROW(find({}, text)) << text;
}

TEST(CiTest, IsFoundInTheEnvironmentUnlessNamed) {
  EXPECT_EQ(find_ci("auto", Environment(Variables{{"GITHUB_ACTIONS", "true"}})), "github");
  EXPECT_EQ(find_ci("auto", Environment(Variables{{"GITLAB_CI", "true"}})), "gitlab");
  EXPECT_EQ(find_ci("auto", {}), "none");
  EXPECT_EQ(find_ci("none", Environment(Variables{{"GITHUB_ACTIONS", "true"}})), "none");
}

TEST(CiTest, TellsWhoRunsThePipeline) {
  const RunInfo run = find_run("github", Environment(Variables{{"GITHUB_REPOSITORY", "o/r"},
                                                               {"GITHUB_RUN_ID", "7"},
                                                               {"GITHUB_SERVER_URL", "https://github.com"}}));
  EXPECT_EQ(run.url, "https://github.com/o/r/actions/runs/7");
  EXPECT_EQ(find_run("none", {}).ci, "none");
}

}  // namespace
}  // namespace baton
