// What git says of real checkouts, and that its silence is an answer.
#include "common/clients/git.h"

#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/files.h"

namespace baton::git {
namespace {

class GitTest : public testing::Test {
 protected:
  std::string run(std::vector<std::string> arguments) {
    ProcessRequest request{
        .argv = {"git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", folder_.path().string()}};
    request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run_process(request);
    EXPECT_EQ(result.exit_code, 0) << result.error;
    return std::string(trim(result.output));
  }
  void commit() { run({"commit", "-q", "--allow-empty", "-m", "work"}); }
  TempFolder folder_;
};

TEST_F(GitTest, AFolderOutsideAnyRepositoryHasNothing) { EXPECT_FALSE(look(folder_.path())); }

TEST_F(GitTest, AFolderThatDoesNotExistHasNothing) { EXPECT_FALSE(look(folder_.path() / "absent")); }

TEST_F(GitTest, ARepositoryWithoutACommitHasNothing) {
  run({"init", "-q"});
  EXPECT_FALSE(look(folder_.path()));
}

TEST_F(GitTest, ACommitWithoutATagIsThatCommit) {
  run({"init", "-q"});
  commit();
  const auto checkout = look(folder_.path());
  ASSERT_TRUE(checkout);
  EXPECT_EQ(checkout->commit, run({"rev-parse", "HEAD"}));
  EXPECT_FALSE(checkout->exact_tag);
}

TEST_F(GitTest, ATagCountsOnTheVeryCommit) {
  run({"init", "-q"});
  commit();
  run({"tag", "v1.6.0"});
  EXPECT_EQ(look(folder_.path())->exact_tag, "v1.6.0");
  commit();
  EXPECT_FALSE(look(folder_.path())->exact_tag);
}

TEST_F(GitTest, ADetachedHeadIsACheckoutToo) {
  run({"init", "-q"});
  commit();
  run({"checkout", "-q", "--detach"});
  EXPECT_TRUE(look(folder_.path()));
}

}  // namespace
}  // namespace baton::git
