// SOP, "Prerequisites": Documentation Readiness, in checkouts of their own.
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/process.h"
#include "tests/precheck/scene.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

/// A checkout that the process stands in while it lives.
class DocumentationTest : public testing::Test {
 protected:
  DocumentationTest() : back_(fs::current_path()) {
    fs::current_path(folder_.path());
    git({"init", "-q", "-b", "main"});
  }
  ~DocumentationTest() override { fs::current_path(back_); }

  static void git(std::vector<std::string> arguments) {
    ProcessRequest request{.argv = {"git", "-c", "user.name=t", "-c", "user.email=t@example.com"}};
    request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run_process(request);
    ASSERT_EQ(result.exit_code, 0) << result.error;
  }
  static void commit(const std::string& message) {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", message});
  }
  static void write(const std::string& name, const std::string& text) { write_file(fs::path(name), text); }
  static Finding find(const std::string& check, const std::string& keys = "") {
    EnvScene scene(keys.empty() ? "" : "precheck: {documentation: {" + keys + "}}");
    return look_at(scene, check);
  }

 private:
  TempFolder folder_;
  fs::path back_;
};

TEST_F(DocumentationTest, AChangelogWithASectionOfTheReleasePasses) {
  write("CHANGELOG.md", "## 1.6.0\n- better\n## 1.5.0\n- old\n");
  commit("first");
  git({"tag", "v1.5.0"});
  commit("fix: better");
  const auto finding = find("changelog");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed.text(), "1 entry");
  EXPECT_EQ(finding.files, std::vector<std::string>{"CHANGELOG.md"});
}

TEST_F(DocumentationTest, AChangelogWithoutItWarnsAndOneThatIsNotThereIsUnknown) {
  commit("first");
  EXPECT_EQ(find("changelog").outcome, Outcome::unknown);
  write("CHANGELOG.md", "## 1.5.0\n- old\n");
  EXPECT_EQ(find("changelog").outcome, Outcome::warn);
  write("CHANGELOG.md", "## 1.6.0\n- TBD\n## 1.5.0\n- old\n");
  EXPECT_EQ(find("changelog").outcome, Outcome::warn);
  write("CHANGELOG.md", "");
  EXPECT_EQ(find("changelog").outcome, Outcome::warn);
  write("elsewhere.md", "## v1.6.0\n### Breaking\n- gone\n");
  EXPECT_EQ(find("changelog", "changelog: elsewhere.md").outcome, Outcome::pass);
}

TEST_F(DocumentationTest, ABreakingCommitNeedsItsPart) {
  write("CHANGELOG.md", "## 1.6.0\n- better\n## 1.5.0\n- old\n");
  commit("first");
  git({"tag", "v1.5.0"});
  commit("feat!: drop the old API");
  const auto finding = find("changelog");
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_NE(finding.message.find("'feat!: drop the old API'"), std::string::npos) << finding.message;
  write("CHANGELOG.md", "## 1.6.0\n### Breaking changes\n- the old API\n## 1.5.0\n- old\n");
  EXPECT_EQ(find("changelog").outcome, Outcome::pass);
}

TEST_F(DocumentationTest, ABreakingCommitBeforeTheLastReleaseIsItsAffair) {
  write("CHANGELOG.md", "## 1.6.0\n- better\n## 1.5.0\n- old\n");
  commit("feat!: long ago");
  git({"tag", "v1.5.0"});
  commit("fix: x");
  EXPECT_EQ(find("changelog").outcome, Outcome::pass);
}

TEST_F(DocumentationTest, ANewMajorVersionNeedsItToo) {
  write("CHANGELOG.md", "## 1.6.0\n- better\n## 0.9.0\n- old\n");
  commit("first");
  git({"tag", "v0.9.0"});
  const auto finding = find("changelog");
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_NE(finding.message.find("major version"), std::string::npos) << finding.message;
}

TEST_F(DocumentationTest, WithoutTheHistoryNobodyKnowsWhetherSomethingBroke) {
  write("CHANGELOG.md", "## 1.6.0\n- better\n## 1.5.0\n- old\n");
  commit("first");
  const auto finding = find("changelog");  // no tag
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  ASSERT_FALSE(finding.recovery.empty());
  EXPECT_NE(finding.recovery.front().find("fetch-depth: 0"), std::string::npos);
  fs::remove_all(".git");
  EXPECT_EQ(find("changelog").outcome, Outcome::unknown);
}

TEST_F(DocumentationTest, ReleaseNotesNameTheVersion) {
  write("notes/v1.5.0.md", "Old news.\n");
  EXPECT_EQ(find("release-notes", "release_notes: notes").outcome, Outcome::warn);
  write("notes/v1.6.0.md", "");
  EXPECT_EQ(find("release-notes", "release_notes: notes").outcome, Outcome::warn) << "an empty file says nothing";
  write("notes/v1.6.0.md", "Search is faster.\n");
  EXPECT_EQ(find("release-notes", "release_notes: notes").outcome, Outcome::pass);
  write("notes.md", "# Release 1.6.0\nSearch is faster.\n");
  EXPECT_EQ(find("release-notes", "release_notes: notes.md").outcome, Outcome::pass);
  write("notes.md", "# Release 1.6.0\n");
  EXPECT_EQ(find("release-notes", "release_notes: notes.md").outcome, Outcome::warn);
}

TEST_F(DocumentationTest, ReleaseNotesThatAreNowhereAreUnknown) {
  fs::create_directory("empty");
  for (const auto* where : {"empty", "absent.md"})
    EXPECT_EQ(find("release-notes", std::string("release_notes: ") + where).outcome, Outcome::unknown) << where;
  EXPECT_EQ(find("release-notes").outcome, Outcome::skipped);
}

TEST_F(DocumentationTest, ARollbackPlanSaysSomething) {
  write("plan.md", "# Rollback plan\n");
  EXPECT_EQ(find("rollback-plan", "rollback_plan: plan.md").outcome, Outcome::warn);
  write("plan.md", "# Rollback plan\n1. baton-switch rollback\n");
  EXPECT_EQ(find("rollback-plan", "rollback_plan: plan.md").outcome, Outcome::pass);
  EXPECT_EQ(find("rollback-plan", "rollback_plan: absent.md").outcome, Outcome::unknown);
  EXPECT_EQ(find("rollback-plan").outcome, Outcome::skipped);
}

TEST_F(DocumentationTest, ARunbookChangedSinceTheLastStableTag) {
  write("docs/runbook.md", "one\n");
  commit("first");
  git({"tag", "v1.4.0-stable"});
  write("docs/runbook.md", "two\n");
  commit("second");
  git({"tag", "v1.5.0"});
  commit("third");
  const auto finding = find("runbook", "runbook: docs/runbook.md");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed.text(), "changed");
  git({"tag", "v1.5.1-stable"});
  EXPECT_EQ(find("runbook", "runbook: docs/runbook.md").outcome, Outcome::warn);
  EXPECT_EQ(find("runbook", "runbook: docs/absent.md").outcome, Outcome::warn);
  EXPECT_EQ(find("runbook", "runbook: ../outside.md").outcome, Outcome::unknown);
  EXPECT_EQ(find("runbook").outcome, Outcome::skipped);
}

TEST_F(DocumentationTest, ARunbookWithoutATagToCompareWithIsUnknown) {
  write("runbook.md", "one\n");
  commit("first");
  EXPECT_EQ(find("runbook", "runbook: runbook.md").outcome, Outcome::unknown);
  fs::remove_all(".git");
  EXPECT_EQ(find("runbook", "runbook: runbook.md").outcome, Outcome::unknown);
}

TEST_F(DocumentationTest, ARunbookThatNeededNoChangeIsAttested) {
  write("runbook.md", "one\n");
  commit("first");
  git({"tag", "v1.5.0"});
  EnvScene scene("precheck: {documentation: {runbook: runbook.md}}");
  write_file(scene.env.dir / "attestations.yaml",
             "id: id-1\nattestations: [{box: runbook, says: nothing new, by: jo, at: 2026-03-01T11:00:00Z}]\n");
  const auto checked = run_in(scene, {.only = {"runbook"}});
  const auto finding = finding_of(checked, "runbook");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.message, "attested by jo at 2026-03-01T11:00:00Z: nothing new ('runbook.md' since v1.5.0)");
  ASSERT_EQ(checked.evidence.size(), 1U);
  EXPECT_EQ(checked.evidence[0].name, "attestations.yaml");
}

}  // namespace
}  // namespace baton::precheck
