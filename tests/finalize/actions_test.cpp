// What finalize writes, and that writing it twice changes nothing.
#include <gtest/gtest.h>

#include "common/config/sections/finalize.h"
#include "common/judge/baseline.h"
#include "tests/support/env_scene.h"
#include "tests/support/refusal.h"
#include "tests/support/sample_move.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

using test::EnvScene;

Json move_state(Time proved) {
  auto move = test::sample_move();
  move.proved_at = proved;
  move.patched_at = proved;
  return Json::object({{"move", rollout::to_json(move)}, {"coverage", "99.5"}});
}

Deployment told(const EnvScene& scene) { return deployment_of(scene.env.earlier, {.release = scene.env.release}); }

/// The same release's next one, of the same day.
Deployment second(const EnvScene& scene) {
  auto deployment = told(scene);
  deployment.release.id = "id-2";
  deployment.release.version = "v1.6.1";
  return deployment;
}

void add_all_steps(EnvScene& scene, Verdict watch = Verdict::proceed) {
  scene.add_step("precheck", Verdict::proceed);
  scene.add_step("switch", Verdict::proceed, move_state(scene.clock.now()));
  scene.add_step("watch", watch, move_state(scene.clock.now()));
}

TEST(SummaryTest, HasTheSopsHeadings) {
  EnvScene scene;
  add_all_steps(scene);
  const auto done = summary.perform(scene.env, told(scene));
  const auto text = read_file(done.artifacts.at(0));
  for (const auto* heading : {"# Deployment Summary: v1.6.0", "## Overview", "## Pre-Deployment", "## Deployment",
                              "## Post-Deployment", "## Issues", "## Rollback"}) {
    EXPECT_TRUE(test::says(text, heading));
  }
  EXPECT_TRUE(test::says(text, "- Status: Successful ✅"));
}

std::string summary_of(EnvScene& scene) { return read_file(summary.perform(scene.env, told(scene)).artifacts.at(0)); }

TEST(SummaryTest, BeginsWithHowItEndedWhatItIsWhenAndByWhom) {
  EnvScene scene;
  scene.env.run.actor = "jo";
  add_all_steps(scene);
  EXPECT_TRUE(test::says(
      summary_of(scene),
      "# Deployment Summary: v1.6.0\n\n## Overview\n- Status: Successful ✅\n- Application: shop\n- Version: v1.6.0\n- "
      "Environment: production\n- Deployment: id-1\n- From: 2026-03-01T11:59:00Z until 2026-03-01T12:00:00Z (1m)\n- "
      "By: jo\n- Deployed: 2026-03-01 12:00 UTC\n- Strategy: Blue-Green\n- Duration: 1m from "));
}

TEST(SummaryTest, TellsOfTheBuildWhatPrecheckTookOver) {
  EnvScene scene;
  add_all_steps(scene);
  EXPECT_TRUE(test::says(summary_of(scene), "- Image build: not known\n"));
  scene.env.earlier.front().state["build"] = Json::object({{"digest", "sha256:ab"}, {"size", 250000000}});
  EXPECT_TRUE(test::says(summary_of(scene),
                         "- Image build completed: not known (duration: not known, image size: 250 MB)\n"
                         "- Image pushed to registry: not known, sha256:ab\n"));
}

TEST(SummaryTest, SaysEachMetricBesideWhatItWasBefore) {
  EnvScene scene;
  add_all_steps(scene);
  auto& watch = scene.env.earlier.back();
  judge::Baseline baseline;
  baseline.metrics["error_rate"] = {.value = 0.5};
  watch.state["baseline"] = judge::to_json(baseline);
  const auto seen = [](const char* id, double value, const char* unit, Outcome outcome) {
    return Finding{.id = id, .sop = {}, .title = id, .outcome = outcome, .observed = Measured(value, unit)};
  };
  watch.findings = {seen("latency-p95-warning", 110, "ms", Outcome::warn),
                    seen("error-rate-critical", 0.4, "%", Outcome::pass)};
  const auto text = summary_of(scene);
  EXPECT_TRUE(test::says(text, "- Watched: 99.5 % of its window\n"));
  EXPECT_TRUE(test::says(text, "- Error Rate: 0.4 % (baseline: 0.5 %) ✅\n"));
  EXPECT_TRUE(test::says(text, "110 ms (baseline: not known) ⚠️\n"));
}

TEST(SummaryTest, CountsWhatWasInOrderAndListsTheRest) {
  EnvScene scene;
  add_all_steps(scene);
  scene.env.earlier.front().findings = {
      {.id = "a", .title = "Nodes", .outcome = Outcome::pass},
      {.id = "b", .title = "Disk", .outcome = Outcome::pass},
      {.id = "c", .title = "Team", .outcome = Outcome::warn, .message = "nobody on call"}};
  const auto text = summary_of(scene);
  EXPECT_TRUE(test::says(text,
                         "- precheck: go on, 1m from 2026-03-01T11:59:00Z to 2026-03-01T12:00:00Z\n"
                         "- Team: nobody on call ⚠️\n- 2 other findings in order ✅\n"));
  EXPECT_FALSE(test::says(text, "Nodes"));
}

TEST(SummaryTest, SaysWhyItWasTakenBackByWhomAndWhen) {
  EnvScene scene;
  scene.add_step("precheck", Verdict::proceed);
  auto move = test::sample_move();
  move.phase = rollout::Phase::undone;
  move.undo_reason = "customers call";
  move.undo_by = "jo";
  move.undone_at = scene.clock.now();
  scene.add_step("switch", Verdict::rolled_back, Json::object({{"move", rollout::to_json(move)}}));
  EXPECT_TRUE(
      test::says(summary_of(scene), "- Why: customers call (by jo)\n- Traffic was back: 2026-03-01T12:00:00Z\n"));
}

TEST(HistoryTest, AddsOneEntryADeployment) {
  EnvScene scene;
  scene.loaded.values.finalize().history = (scene.folder.path() / "history.md").string();
  add_all_steps(scene);
  history.perform(scene.env, told(scene));
  const auto first = read_file(scene.folder.path() / "history.md");
  history.perform(scene.env, told(scene));
  EXPECT_EQ(read_file(scene.folder.path() / "history.md"), first);
  EXPECT_TRUE(test::says(first, "## v1.6.0 - 2026-03-01\n- Deployed: 2026-03-01 12:00 UTC\n- Strategy: Blue-Green\n"));
  history.perform(scene.env, second(scene));
  const auto both = read_file(scene.folder.path() / "history.md");
  EXPECT_EQ(both.rfind(first, 0), 0U);
  EXPECT_TRUE(test::says(both, "## v1.6.1"));
}

TEST(HistoryTest, OtherEnvironmentsWriteNone) {
  EnvScene scene("environment: staging");
  EXPECT_FALSE(history.due(scene.env, told(scene)));
}

TEST(ArchiveTest, RefusesLinksInTheFolderAndBelowTheArchive) {
  for (const char* name : {"notes.txt", "evidence", "evidence/x"}) {
    EnvScene scene;
    const auto base = scene.folder.path() / "archive";
    scene.loaded.values.finalize().archive = base.string();
    add_all_steps(scene);
    write_file(scene.folder.path() / "secret/token", "TOKEN");
    fs::create_directories((scene.env.dir / name).parent_path());
    const bool is_folder = std::string_view(name) == "evidence";
    fs::create_symlink(scene.folder.path() / (is_folder ? "secret" : "secret/token"), scene.env.dir / name);
    EXPECT_TRUE(test::refused([&] { return archive.perform(scene.env, told(scene)); })) << name;
    EXPECT_FALSE(fs::exists(base / "2026-03-01" / name / (is_folder ? "token" : ""))) << name;
  }
  EnvScene scene;
  const auto base = scene.folder.path() / "archive";
  scene.loaded.values.finalize().archive = base.string();
  add_all_steps(scene);
  fs::create_directories(base);
  fs::create_directories(scene.folder.path() / "elsewhere");
  fs::create_directory_symlink(scene.folder.path() / "elsewhere", base / "2026-03-01");
  EXPECT_TRUE(test::refused([&] { return archive.perform(scene.env, told(scene)); }));
  EXPECT_TRUE(fs::is_empty(scene.folder.path() / "elsewhere"));
}

TEST(ArchiveTest, KeepsEvidenceForItsOwnerOnly) {
  EnvScene scene;
  const auto base = scene.folder.path() / "archive";
  scene.loaded.values.finalize().archive = base.string();
  add_all_steps(scene);
  write_file(scene.env.dir / "evidence/pods.json", "[]", 0600);
  archive.perform(scene.env, told(scene));
  EXPECT_EQ(fs::status(base / "2026-03-01/evidence/pods.json").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(ArchiveTest, KeepsTheDaysFilesAndGivesASecondDeploymentItsOwnFolder) {
  EnvScene scene;
  const auto base = scene.folder.path() / "archive";
  scene.loaded.values.finalize().archive = base.string();
  add_all_steps(scene);
  write_file(scene.env.dir / "precheck.json", "{}");
  write_file(scene.env.dir / "evidence/pods.json", "[]");
  write_file(scene.env.dir / ".precheck.lock", "x");
  archive.perform(scene.env, told(scene));
  EXPECT_EQ(read_file(base / "2026-03-01/precheck.json"), "{}");
  EXPECT_EQ(read_file(base / "2026-03-01/evidence/pods.json"), "[]");
  EXPECT_FALSE(fs::exists(base / "2026-03-01/.precheck.lock"));
  archive.perform(scene.env, second(scene));
  EXPECT_TRUE(fs::exists(base / "2026-03-01/v1.6.1-id-2/precheck.json"));
}

// SOP 4.1: scaled down after 24 hours, deleted after 7 days.
TEST(DecommissionTest, IsDueFromTheProvedSwitch) {
  EnvScene scene;
  add_all_steps(scene);
  const auto deployment = told(scene);
  EXPECT_EQ(scale_down.due(scene.env, deployment), scene.clock.now() + std::chrono::hours(24));
  EXPECT_EQ(remove_old.due(scene.env, deployment), scene.clock.now() + std::chrono::hours(7 * 24));
}

TEST(ActionsTest, OnlyTheOldVersionsGoSayThatTheyRemove) {
  std::vector<std::string_view> removing;
  for (const auto* action : actions()) {
    if (action->removes) removing.push_back(action->id);
  }
  EXPECT_EQ(removing, (std::vector<std::string_view>{"scale-down", "delete-old"}));
}

TEST(DecommissionTest, NothingIsDueForAReleaseThatFailedOrIsIncomplete) {
  EnvScene scene;
  EXPECT_FALSE(scale_down.due(scene.env, told(scene)));
  add_all_steps(scene, Verdict::rollback_failed);
  EXPECT_FALSE(remove_old.due(scene.env, told(scene)));
}

}  // namespace
}  // namespace baton::finalize
