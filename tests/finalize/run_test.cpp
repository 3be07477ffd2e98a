// What `baton-finalize run` prints and how it ends, through the frame and over a playground.
#include <gtest/gtest.h>

#include "common/core/units.h"
#include "common/rollout/intent.h"
#include "common/rollout/next.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/rights.h"
#include "tests/support/sample_move.h"
#include "tests/support/step_scene.h"
#include "tools/finalize/finalize.h"

namespace baton::finalize {
namespace {

using namespace std::chrono_literals;

/// myapp served as id-0 until this release was switched; its three steps before finalize are over.
class RunTest : public testing::Test {
 protected:
  RunTest() {
    annotate(kube::kDeployments, "baton/id", "id-0");
    patch(kube::kServices, R"({"spec": {"selector": {"version": "green"}}})");
    scene.environment["KUBECONFIG"] = playground.kubeconfig();
    scene.identify = identify;
    scene.flags = {"--set",     "app=myapp",
                   "--release", "v1.6.0",
                   "--set",     "finalize.history=" + history(),
                   "--set",     "finalize.archive=" + scene.path("archive").string()};
  }

  void patch(const kube::Resource& resource, const std::string& merge) {
    kube.merge_patch(resource, "myapp", parse_json(merge, "test"));
  }
  void annotate(const kube::Resource& resource, std::string_view key, const std::string& value) {
    const auto annotations = Json::object({{std::string(key), value}});
    kube.merge_patch(resource, "myapp", Json::object({{"metadata", Json::object({{"annotations", annotations}})}}));
  }
  int replicas() {
    const auto found = kube.find(kube::kDeployments, "myapp");
    return found ? rollout::replicas_of(*found) : -1;
  }
  std::string history() const { return scene.path("history.md").string(); }

  /// The switch of this release was proved so long ago, and so much of its watch was covered.
  void release(Duration ago, const std::string& coverage = "100") {
    auto move = test::sample_move();
    move.service = "myapp";
    move.deployment = "myapp-green";
    move.previous_deployment = "myapp";
    move.previous_id = "id-0";
    move.proved_at = clock.now() - ago;
    proved = *move.proved_at;
    auto state = Json::object({{"move", rollout::to_json(move)}, {"coverage", coverage}});
    if (without_metrics) state["without_metrics"] = "declared not applicable: no store";
    const auto ends_well = [&](Env&) { return StepResult{.verdict = Verdict::proceed, .state = state}; };
    for (const auto* step : {"precheck", "switch", "watch"})
      ASSERT_EQ(scene.run(step, ends_well).code, ExitCode::proceed);
  }
  Ran finalize(const std::vector<std::string>& more = {}) { return scene.run("finalize", run, more); }

  test::Playground playground;
  SystemClock clock;
  kube::Client kube = playground.client(clock);
  Scene scene;
  Time proved{};
  bool without_metrics = false;  ///< watch had no store to judge by
};

TEST_F(RunTest, AReleaseThatWasWatchedWithoutMetricsEndsAndIsNotCalledSuccessful) {
  without_metrics = true;
  release(8 * 24h);
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
  EXPECT_TRUE(says(ran.out, "myapp v1.6.0: Live, watched without metrics ⚠️\n"));
  EXPECT_TRUE(says(ran.out, "finalize of myapp v1.6.0: go on, with warnings (exit 0)"));
  EXPECT_FALSE(says(ran.out, "uccessful"));
  EXPECT_EQ(replicas(), -1);
}

TEST_F(RunTest, SaysWhatWasDoneOnceAllIsDone) {
  release(8 * 24h);
  playground.sandbox().access().allow_only(test::rights_of_the_table(rollout::kFinalize));  // which precheck promises are all
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
  for (const auto* line : {"myapp v1.6.0: Successful ✅\n", "- Deployment summary: deployment-summary-v1.6.0.md ✅\n",
                           "- Retired version scaled to 0: 'myapp' is at 0 replicas ✅\n",
                           "- Retired version deleted: 'myapp' is deleted ✅\n", " files in ",
                           "finalize of myapp v1.6.0: go on (exit 0)\n"})
    EXPECT_TRUE(says(ran.out, line));
  EXPECT_TRUE(says(ran.out, "- Deployment history: " + history() + " ✅\n"));
  EXPECT_FALSE(says(ran.out, "Run again"));
  EXPECT_EQ(replicas(), -1);
}

TEST_F(RunTest, SaysWhenTheNextIsDueAndWhatFollows) {
  release(25h);
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::again) << ran.err;
  const auto due = to_rfc3339(proved + 7 * 24h);
  EXPECT_TRUE(says(ran.out, "- Retired version scaled to 0: 'myapp' is at 0 replicas ✅\n"));
  EXPECT_TRUE(says(ran.out, "- Retired version deleted: due at " + due + "\n"));
  EXPECT_TRUE(says(ran.out, "finalize of myapp v1.6.0: not over yet (exit 75)\nRun again at " + due + "\n"));
  EXPECT_EQ(replicas(), 0);
}

TEST_F(RunTest, ComesBackForWhatIsDueFirst) {
  release(23h);
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::again) << ran.err;
  EXPECT_TRUE(says(ran.out, "- Retired version scaled to 0: due at " + to_rfc3339(proved + 24h) + "\n"));
  EXPECT_TRUE(says(ran.out, "Run again at " + to_rfc3339(proved + 24h) + "\n"));
  EXPECT_EQ(replicas(), 2);
}

// A release or a rollback may need what goes: it is known when that has ended.
TEST_F(RunTest, ComesBackWhenWhoChangesThingsHasEnded) {
  release(25h);
  const auto now = to_rfc3339(clock.now()).substr(0, 19) + ".000000Z";
  kube.create(kube::kLeases, parse_json(R"({"metadata":{"name":"baton-myapp"},"spec":{"holderIdentity":"other/1",)"
                                        R"("leaseDurationSeconds":30,"renewTime":")" +
                                            now + "\"}}",
                                        "test"));
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::again) << ran.err;
  EXPECT_TRUE(says(ran.out, "- Retired version scaled to 0: due at "));
  EXPECT_EQ(replicas(), 2);
}

TEST_F(RunTest, SaysWhatWasLeftAloneAndKeepsTheRest) {
  release(8 * 24h);
  annotate(kube::kDeployments, "baton/id", "id-7");
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::proceed) << "a version that was left alone hurts nobody";
  EXPECT_TRUE(says(ran.out,
                   "- Retired version scaled to 0: 'myapp' was left alone: it carries the deployment id 'id-7', switch "
                   "recorded 'id-0' ❌\n"
                   "- Retired version deleted: held back: the release is not proved to be well ❔\n"));
  EXPECT_TRUE(says(ran.out, "finalize of myapp v1.6.0: go on, with warnings (exit 0)\n"));
  EXPECT_EQ(replicas(), 2);
}

// 95 % of the window is enough.
TEST_F(RunTest, HoldsBackWhatARollbackWouldNeedUntilEnoughWasWatched) {
  release(8 * 24h, "94.9");
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::stop) << ran.err;
  EXPECT_TRUE(says(ran.out,
                   "- Retired version scaled to 0: held back: the release is not proved to be well ❔\n"
                   "- Retired version deleted: held back: the release is not proved to be well ❔\n"));
  EXPECT_TRUE(says(ran.out, "94.9 % (expected >= 95 %)"));
  EXPECT_EQ(replicas(), 2);
}

TEST_F(RunTest, MissesMigrateWhereADatabaseIsConfigured) {
  release(8 * 24h);
  const auto ran = finalize({"--set", "database.url=sqlite:shop.db"});
  EXPECT_EQ(ran.code, ExitCode::unknown) << ran.err;
  EXPECT_TRUE(says(ran.out, "missing: migrate"));
  EXPECT_EQ(replicas(), 2);
}

TEST_F(RunTest, HoldsNothingBackOnceEnoughWasWatched) {
  release(8 * 24h, "95");
  EXPECT_EQ(finalize().code, ExitCode::proceed);
  EXPECT_EQ(replicas(), -1);
}

TEST_F(RunTest, ADryRunSaysWhatIsDueAndTouchesNothing) {
  release(8 * 24h);
  const auto ran = finalize({"--dry-run"});
  EXPECT_TRUE(says(ran.out, "- Retired version deleted: due ⏭️\n"));
  EXPECT_EQ(replicas(), 2);
  EXPECT_FALSE(fs::exists(history()));
}

TEST_F(RunTest, ArchivesItsOwnLastWord) {
  release(8 * 24h);
  ASSERT_EQ(finalize().code, ExitCode::proceed);
  for (const auto& day : fs::directory_iterator(scene.path("archive")))
    EXPECT_EQ(read_file(day.path() / "finalize.json"), scene.bytes("finalize.json"));
}

TEST_F(RunTest, WritesDownAReleaseThatWasOvertakenAndTouchesNothing) {
  release(8 * 24h);
  auto newer = test::sample_move();
  newer.id = "another";
  annotate(kube::kServices, rollout::kMoveAnnotation, to_text(rollout::to_json(newer)));
  const auto ran = finalize();
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
  EXPECT_TRUE(says(ran.out, "myapp v1.6.0: Superseded by a newer release\n")) << ran.out;
  EXPECT_EQ(replicas(), 2);
  EXPECT_TRUE(says(read_file(history()), "- Status: Superseded by a newer release\n"));
  EXPECT_TRUE(fs::exists(scene.path("archive")));
}

TEST_F(RunTest, KnowsARollbackThatAPersonMadeAfterTheWatchWasOver) {
  release(25h);
  auto move = rollout::move_from_json(scene.handoff("switch").state["move"]);
  move.id = scene.handoff("switch").release.id;
  move.phase = rollout::Phase::undone;
  move.undo_by = "jo";
  move.undo_reason = "customers call";
  annotate(kube::kServices, rollout::kMoveAnnotation, to_text(rollout::to_json(move)));
  const auto ran = finalize();
  EXPECT_TRUE(says(ran.out, "myapp v1.6.0: Rolled back by a person ⚠️ (jo: customers call)\n")) << ran.out;
  const auto entry = read_file(history());
  EXPECT_TRUE(says(entry, "- Rollback: Made by a person\n")) << entry;
  EXPECT_FALSE(says(entry, "Successful")) << entry;
  const auto summary = read_file(scene.dir() / "deployment-summary-v1.6.0.md");
  EXPECT_TRUE(says(summary, "Status: Rolled back by a person")) << summary;
  EXPECT_FALSE(says(summary, "see post-rollback-analysis")) << "there is none in the folder";
  EXPECT_EQ(replicas(), 2) << "the version that serves again is not the retired one";
}

}  // namespace
}  // namespace baton::finalize
