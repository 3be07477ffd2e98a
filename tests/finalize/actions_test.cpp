// What finalize writes, and that writing it twice changes nothing.
#include <gtest/gtest.h>

#include "common/config/sections/finalize.h"
#include "tests/support/env_scene.h"
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

void add_all_steps(EnvScene& scene, Verdict watch = Verdict::proceed) {
  scene.add_step("precheck", Verdict::proceed);
  scene.add_step("switch", Verdict::proceed, move_state(scene.clock.now()));
  scene.add_step("watch", watch, move_state(scene.clock.now()));
}

TEST(StoryTest, TellsSuccessRollbackAndGaps) {
  EnvScene scene;
  EXPECT_EQ(story_of(scene.env).ending, Ending::incomplete);
  add_all_steps(scene);
  const auto story = story_of(scene.env);
  EXPECT_EQ(story.ending, Ending::successful);
  EXPECT_EQ(story.coverage, 99.5);
  EXPECT_TRUE(story.missing.empty());
  EXPECT_EQ(duration_text(story), "1m (pipeline start to traffic switch)");
  scene.env.earlier.back().verdict = Verdict::rolled_back;
  EXPECT_EQ(story_of(scene.env).ending, Ending::rolled_back);
  scene.env.earlier.back().verdict = Verdict::rollback_failed;
  EXPECT_EQ(story_of(scene.env).ending, Ending::failed);
}

TEST(StoryTest, CountsFromThePipelinesStart) {
  EnvScene scene;
  add_all_steps(scene);
  scene.env.earlier.front().run.pipeline_started_at = "2026-03-01T11:40:00Z";
  EXPECT_EQ(duration_text(story_of(scene.env)), "20m (pipeline start to traffic switch)");
}

TEST(StoryTest, NamesStepsThatLeftNothing) {
  EnvScene scene("database: {url: 'sqlite:x'}");
  add_all_steps(scene);
  EXPECT_EQ(story_of(scene.env).missing, std::vector<std::string>{"migrate"});
}

TEST(SummaryTest, HasTheSopsHeadings) {
  EnvScene scene;
  add_all_steps(scene);
  const auto done = summary.perform(scene.env, story_of(scene.env));
  const auto text = read_file(done.artifacts.at(0));
  for (const auto* heading : {"# Deployment Summary: v1.6.0", "## Overview", "## Pre-Deployment", "## Deployment",
                              "## Post-Deployment", "## Issues", "## Rollback"}) {
    EXPECT_NE(text.find(heading), std::string::npos) << heading;
  }
  EXPECT_NE(text.find("- Status: Successful ✅"), std::string::npos);
}

TEST(HistoryTest, AddsOneEntryADeployment) {
  EnvScene scene;
  scene.loaded.values.finalize().history = (scene.folder.path() / "history.md").string();
  add_all_steps(scene);
  history.perform(scene.env, story_of(scene.env));
  const auto first = read_file(scene.folder.path() / "history.md");
  history.perform(scene.env, story_of(scene.env));
  EXPECT_EQ(read_file(scene.folder.path() / "history.md"), first);
  EXPECT_NE(first.find("## v1.6.0 - 2026-03-01\n- Deployed: 2026-03-01 12:00 UTC\n- Strategy: Blue-Green\n"),
            std::string::npos)
      << first;
  scene.env.release.id = "id-2";
  scene.env.release.version = "v1.6.1";
  history.perform(scene.env, story_of(scene.env));
  const auto both = read_file(scene.folder.path() / "history.md");
  EXPECT_EQ(both.rfind(first, 0), 0U);
  EXPECT_NE(both.find("## v1.6.1"), std::string::npos);
}

TEST(HistoryTest, OtherEnvironmentsWriteNone) {
  EnvScene scene("environment: staging");
  EXPECT_FALSE(history.due(scene.env, story_of(scene.env)));
}

TEST(ArchiveTest, KeepsTheDaysFilesAndGivesASecondDeploymentItsOwnFolder) {
  EnvScene scene;
  const auto base = scene.folder.path() / "archive";
  scene.loaded.values.finalize().archive = base.string();
  add_all_steps(scene);
  write_file(scene.env.dir / "precheck.json", "{}");
  write_file(scene.env.dir / "evidence/pods.json", "[]");
  write_file(scene.env.dir / ".precheck.lock", "x");
  archive.perform(scene.env, story_of(scene.env));
  EXPECT_EQ(read_file(base / "2026-03-01/precheck.json"), "{}");
  EXPECT_EQ(read_file(base / "2026-03-01/evidence/pods.json"), "[]");
  EXPECT_FALSE(fs::exists(base / "2026-03-01/.precheck.lock"));
  scene.env.release.id = "id-2";
  archive.perform(scene.env, story_of(scene.env));
  EXPECT_TRUE(fs::exists(base / "2026-03-01/v1.6.0-id-2/precheck.json"));
}

// SOP 4.1: scaled down after 24 hours, deleted after 7 days.
TEST(DecommissionTest, IsDueFromTheProvedSwitch) {
  EnvScene scene;
  add_all_steps(scene);
  const auto story = story_of(scene.env);
  EXPECT_EQ(scale_down.due(scene.env, story), scene.clock.now() + std::chrono::hours(24));
  EXPECT_EQ(remove_old.due(scene.env, story), scene.clock.now() + std::chrono::hours(7 * 24));
}

TEST(DecommissionTest, NothingIsDueForAReleaseThatFailedOrIsIncomplete) {
  EnvScene scene;
  EXPECT_FALSE(scale_down.due(scene.env, story_of(scene.env)));
  add_all_steps(scene, Verdict::rollback_failed);
  EXPECT_FALSE(remove_old.due(scene.env, story_of(scene.env)));
}

}  // namespace
}  // namespace baton::finalize
