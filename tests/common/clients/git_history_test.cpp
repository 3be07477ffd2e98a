// Histories of real repositories, loose and packed.
#include "common/clients/git_history.h"

#include <gtest/gtest.h>

#include "common/clients/git.h"
#include "common/clients/git_objects.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/process.h"

namespace baton::git {
namespace {

class GitHistoryTest : public testing::Test {
 protected:
  GitHistoryTest() { run({"init", "-q", "-b", "main"}); }
  std::string run(std::vector<std::string> arguments) { return run_in(folder_.path(), std::move(arguments)); }
  static std::string run_in(const fs::path& folder, std::vector<std::string> arguments) {
    ProcessRequest request{.argv = {"git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c",
                                    "protocol.file.allow=always", "-C", folder.string()}};
    request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run_process(request);
    EXPECT_EQ(result.exit_code, 0) << result.error;
    return std::string(trim(std::string_view(result.output)));
  }
  std::string commit(const std::string& message) {
    run({"add", "-A"});
    run({"commit", "-q", "--allow-empty", "-m", message});
    return run({"rev-parse", "HEAD"});
  }
  void write(const std::string& name, const std::string& text) { write_file(folder_.path() / name, text); }
  Repository repository() const { return working_tree_of(folder_.path()).value().repository; }
  std::string commit_of(const std::string& tag) {
    for (const auto& found : commit_tags(repository())) {
      if (found.name == tag) return found.commit;
    }
    return "";
  }
  std::vector<std::string> subjects(const std::string& base, const std::string& head) {
    std::vector<std::string> all;
    for (const auto& commit : commits_between(repository(), base, head)) all.push_back(commit.subject());
    return all;
  }

  TempFolder folder_;
};

TEST_F(GitHistoryTest, NamesTheCommitsSinceATagLooseAndPacked) {
  commit("first");
  run({"tag", "-a", "v1.0.0", "-m", "annotated"});
  run({"tag", "light"});
  commit("second");
  const auto head = commit("feat!: third");
  for (const bool is_packed : {false, true}) {
    if (is_packed) run({"gc", "-q", "--aggressive", "--prune=now"});
    EXPECT_EQ(commit_of("v1.0.0"), commit_of("light"));
    EXPECT_EQ(subjects(commit_of("v1.0.0"), head), (std::vector<std::string>{"feat!: third", "second"})) << is_packed;
    EXPECT_TRUE(subjects(head, head).empty());
    EXPECT_TRUE(subjects(head, commit_of("v1.0.0")).empty()) << "what the base has is no news";
  }
}

TEST_F(GitHistoryTest, AgreesWithGitOnMerges) {
  const auto base = commit("base");
  run({"checkout", "-q", "-b", "side"});
  commit("on the side");
  run({"checkout", "-q", "main"});
  commit("on main");
  run({"merge", "-q", "--no-ff", "-m", "merged", "side"});
  const auto head = run({"rev-parse", "HEAD"});
  const auto side = run({"rev-parse", "side"});
  const auto count = [&](const std::string& from) { return run({"rev-list", "--count", from + "..HEAD"}); };
  EXPECT_EQ(std::to_string(subjects(base, head).size()), count(base));
  EXPECT_EQ(std::to_string(subjects(side, head).size()), count(side));
}

TEST_F(GitHistoryTest, AClockThatGoesBackChangesNothing) {
  const auto base = commit("base");
  run({"commit", "-q", "--allow-empty", "-m", "old", "--date", "2001-01-01T00:00:00Z"});
  const auto head = commit("new");
  EXPECT_EQ(subjects(base, head).size(), 2U);
}

TEST_F(GitHistoryTest, AShallowCloneDoesNotKnow) {
  commit("first");
  run({"tag", "v1.0.0"});
  const auto first = run({"rev-parse", "HEAD"});
  commit("second");
  const auto head = commit("third");
  const TempFolder parent;
  const auto clone = parent.path() / "clone";
  run_in(parent.path(), {"clone", "-q", "--depth", "1", "file://" + folder_.path().string(), clone.string()});
  const auto tree = working_tree_of(clone);
  ASSERT_TRUE(tree);
  try {
    commits_between(tree->repository, first, head);
    FAIL() << "its history is cut off";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown);
    EXPECT_NE(error.hint().find("fetch-depth: 0"), std::string::npos);
  }
}

TEST_F(GitHistoryTest, AnEntryIsFoundInFoldersAndChangesWithWhatItHolds) {
  write("docs/runbook.md", "one\n");
  write("docs/other.md", "x\n");
  const auto first = commit("first");
  write("docs/other.md", "y\n");
  const auto second = commit("second");
  const auto at = [&](const std::string& name, std::string_view path) { return entry_at(repository(), name, path); };
  EXPECT_EQ(at(first, "docs/runbook.md"), run({"rev-parse", "HEAD:docs/runbook.md"}));
  EXPECT_EQ(at(first, "docs/runbook.md"), at(second, "docs/runbook.md"));
  EXPECT_NE(at(first, "docs"), at(second, "docs"));
  EXPECT_FALSE(at(first, "docs/absent.md"));
  EXPECT_FALSE(at(first, "docs/runbook.md/below"));
}

TEST_F(GitHistoryTest, DeltasOfAPackAreAppliedInTheirOrder) {
  std::string text;
  for (int line = 0; line < 2000; ++line) text += "line " + std::to_string(line * 7919 % 10007) + "\n";
  std::vector<std::string> commits;
  for (int round = 0; round < 8; ++round) {
    text.replace(static_cast<std::size_t>(round) * 100, 6, "round" + std::to_string(round));
    write("big.txt", text);
    commits.push_back(commit("round"));
  }
  run({"repack", "-q", "-a", "-d", "-f", "--depth=50"});
  for (const auto& name : commits) {
    const auto entry = entry_at(repository(), name, "big.txt").value();
    const auto object = find_object(repository(), entry).value();
    EXPECT_EQ(object.kind, "blob");
    EXPECT_EQ(trim(std::string_view(object.bytes)), run({"cat-file", "blob", entry}));
  }
}

TEST_F(GitHistoryTest, ADamagedObjectIsAnErrorAndNoAnswer) {
  const auto head = commit("first");
  const auto file = folder_.path() / ".git/objects" / head.substr(0, 2) / head.substr(2);
  const auto bytes = read_file(file);
  fs::permissions(file, fs::perms::owner_all);
  for (const auto& broken : {std::string(), std::string("x"), bytes.substr(0, bytes.size() / 2)}) {
    write_file(file, broken);
    EXPECT_THROW(find_object(repository(), head), Error);
  }
}

TEST(GitDeltaTest, RefusesWhatIsNone) {
  const std::string base = "0123456789";
  EXPECT_EQ(apply_delta(base, std::string("\x0a\x05\x90\x03\x02xy", 7)), "012xy");
  for (const auto& delta : {std::string(), std::string("\x0b\x05\x90\x05"), std::string("\x0a\x05\x90\x0b"),
                            std::string("\x0a\x05\x00", 3), std::string("\x0a\x05\x05"),
                            std::string("\x0a\x05\x90\x03"), std::string("\x0a\xff\xff\xff\xff\xff\x7f\x90\x03")})
    EXPECT_THROW(apply_delta(base, delta), Error) << delta.size();
}

TEST(GitCommitTest, ABreakingOneSaysSoByItsSubjectOrItsFooter) {
  const auto is_breaking = [](const std::string& message) {
    return Commit{.name = {}, .tree = {}, .message = message}.is_breaking();
  };
  EXPECT_TRUE(is_breaking("feat!: drop v1"));
  EXPECT_TRUE(is_breaking("refactor(api core)!: drop v1"));
  EXPECT_TRUE(is_breaking("feat: new\n\nBREAKING CHANGE: v1 is gone\n"));
  EXPECT_TRUE(is_breaking("feat: new\n\nBREAKING-CHANGE: v1 is gone"));
  EXPECT_FALSE(is_breaking("feat: new"));
  EXPECT_FALSE(is_breaking("Hooray, it works!: at last"));
  EXPECT_FALSE(is_breaking("fix: no BREAKING CHANGE: here"));
}

TEST(GitCommitTest, WhatIsNoCommitIsAnError) {
  for (const auto* bytes : {"", "tree x\n\n", "parent 0000\n\nmessage"}) EXPECT_THROW(parse_commit(bytes, "n"), Error);
}

}  // namespace
}  // namespace baton::git
