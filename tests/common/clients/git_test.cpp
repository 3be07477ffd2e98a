// What git says of real checkouts, and that its silence is an answer.
#include "common/clients/git.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/text.h"
#include "common/io/files.h"
#include "common/io/process.h"

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
  void begin() {
    run({"init", "-q", "-b", "main"});
    commit();
  }
  fs::path at(const std::string& name) const { return folder_.path() / name; }
  std::optional<std::string> tag() const { return look(folder_.path()).value().exact_tag; }
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

TEST_F(GitTest, AnAnnotatedTagCountsLooseAndPacked) {
  begin();
  run({"tag", "-a", "-m", "release", "v1.6.0"});
  EXPECT_EQ(tag(), "v1.6.0");
  run({"pack-refs", "--all"});
  EXPECT_EQ(tag(), "v1.6.0");
  EXPECT_EQ(look(folder_.path())->commit, run({"rev-parse", "HEAD"})) << "the branch is packed too";
  run({"gc", "-q"});
  EXPECT_EQ(tag(), "v1.6.0");
  commit();
  EXPECT_EQ(tag(), std::nullopt);
}

TEST_F(GitTest, ATagThatWasMovedIsWhereItIs) {
  begin();
  run({"tag", "v1.6.0"});
  run({"pack-refs", "--all"});
  commit();
  EXPECT_EQ(tag(), std::nullopt);
  run({"tag", "-f", "v1.6.0"});
  EXPECT_EQ(tag(), "v1.6.0") << "the loose one counts";
}

TEST_F(GitTest, OfSeveralTagsNoneIsMeant) {
  begin();
  run({"tag", "v1.6.0"});
  run({"tag", "other/v1.6.0"});
  EXPECT_EQ(tag(), "v1.6.0") << "a name with a folder is no version";
  run({"tag", "latest"});
  EXPECT_EQ(tag(), std::nullopt);
}

TEST_F(GitTest, AFolderBelowAndAWorktreeAreOfTheCheckout) {
  begin();
  fs::create_directories(at("deep/er"));
  EXPECT_TRUE(look(at("deep/er")));
  run({"worktree", "add", "-q", "-b", "side", at("tree").string()});
  run({"-C", at("tree").string(), "commit", "-q", "--allow-empty", "-m", "aside"});
  EXPECT_EQ(look(at("tree"))->commit, run({"rev-parse", "side"}));
}

// What the trial built: a partial clone of a host that ssh reaches by a command of the repository's own, whose HEAD is
// missing; and all else by which a repository makes git run something.
TEST_F(GitTest, WhatARepositoryConfiguresIsNotRun) {
  begin();
  const std::string touch = "sh -c 'touch " + at("RAN").string() + "; exit 1' #";
  for (const char* key :
       {"core.sshCommand", "core.fsmonitor", "core.pager", "gpg.program", "uploadpack.packObjectsHook"}) {
    run({"config", key, touch});
  }
  run({"config", "core.repositoryformatversion", "1"});
  run({"config", "extensions.partialClone", "evil"});
  run({"config", "remote.evil.url", "ssh://localhost/x"});
  run({"config", "remote.evil.promisor", "true"});
  const std::string missing(40, '1');
  write_file(at(".git/refs/heads/main"), missing + "\n");
  fs::create_directories(at("deep"));
  EXPECT_EQ(look(at("deep")).value().commit, missing);
  EXPECT_FALSE(fs::exists(at("RAN")));
}

TEST_F(GitTest, NoProgramIsStarted) {
  begin();
  write_file(at("bin/git"), "#!/bin/sh\ntouch " + at("RAN").string() + "\n", 0755);
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", at("bin").c_str(), 1);
  EXPECT_TRUE(look(folder_.path()));
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_FALSE(fs::exists(at("RAN")));
}

TEST_F(GitTest, ARepositoryOfAnotherUserSaysNothing) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  begin();
  ASSERT_TRUE(look(folder_.path()));
  ASSERT_EQ(::chown(at(".git").c_str(), 65534, 65534), 0);
  fs::create_directories(at("deep"));
  EXPECT_FALSE(look(at("deep")));
  ASSERT_EQ(::chown(at(".git").c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(folder_.path().c_str(), 65534, 65534), 0);
  EXPECT_FALSE(look(at("deep"))) << "its owner may put any repository of ours there";
}

TEST_F(GitTest, LinksAndPipesInARepositorySayNothing) {
  begin();
  for (const char* name : {".git/HEAD", ".git/refs/heads/main", ".git/packed-refs"}) {
    const fs::path kept = at("kept");
    run({"tag", "-f", "v1"});
    run({"pack-refs", "--all", "--no-prune"});
    ASSERT_TRUE(look(folder_.path()));
    fs::rename(at(name), kept);
    fs::create_symlink(kept, at(name));
    EXPECT_FALSE(look(folder_.path())) << name;
    fs::remove(at(name));
    ASSERT_EQ(::mkfifo(at(name).c_str(), 0600), 0);
    EXPECT_FALSE(look(folder_.path())) << name;
    fs::remove(at(name));
    fs::rename(kept, at(name));
  }
  fs::rename(at(".git"), at("elsewhere"));
  fs::create_directory_symlink(at("elsewhere"), at(".git"));
  EXPECT_FALSE(look(folder_.path()));
}

TEST_F(GitTest, NamesThatLeaveTheRepositorySayNothing) {
  begin();
  write_file(at("secret"), std::string(40, 'a'));
  for (const std::string& head :
       {std::string("ref: refs/../../secret"), std::string("ref: ../secret"), "ref: " + at("secret").string(),
        std::string("ref: refs/heads/none"), std::string("x"), std::string(39, 'a'), std::string(5000, 'a')}) {
    write_file(at(".git/HEAD"), head + "\n");
    EXPECT_FALSE(look(folder_.path())) << head;
  }
  write_file(at(".git/HEAD"), "ref: refs/heads/loop\n");
  write_file(at(".git/refs/heads/loop"), "ref: refs/heads/loop\n");
  EXPECT_FALSE(look(folder_.path()));
}

TEST_F(GitTest, ADetachedHeadIsACheckoutToo) {
  run({"init", "-q"});
  commit();
  run({"checkout", "-q", "--detach"});
  EXPECT_TRUE(look(folder_.path()));
}

}  // namespace
}  // namespace baton::git
