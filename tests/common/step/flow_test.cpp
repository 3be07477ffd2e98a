// A step from lock to handoff: what is kept, taken up, refused and written.
#include "common/step/flow.h"

#include <algorithm>
#include <set>

#include "common/core/error.h"
#include "tests/support/step_scene.h"

namespace baton {
namespace {

TEST(StepFlowTest, WritesItsHandoffAndExitsByTheVerdict) {
  const Scene scene;
  const Ran ran = precheck(scene);
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
  const Handoff handoff = scene.handoff("precheck");
  EXPECT_EQ(handoff.verdict, Verdict::proceed);
  EXPECT_EQ(handoff.release.version, "v1.6.0");
  EXPECT_FALSE(handoff.release.id.empty());
  EXPECT_EQ(handoff.tool_name, "baton-precheck");
  EXPECT_EQ(*handoff.expires_at - handoff.finished_at, std::chrono::hours(4));
  EXPECT_TRUE(says(ran.out, "sha256:" + sha256_hex(scene.bytes("precheck.json"))));
}

TEST(StepFlowTest, StandsAsAgainWhileItRuns) {
  const Scene scene;
  scene.run("precheck", [&](Env&) {
    EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::again);
    return StepResult{.verdict = Verdict::proceed};
  });
}

TEST(StepFlowTest, LeavesNoOlderProceedStandingWhileItRunsAgain) {
  const Scene scene;
  scene.run("precheck", [](Env& env) {
    return StepResult{.verdict = Verdict::proceed, .expires_at = env.started_at - Duration(1)};
  });
  scene.run("precheck", [&](Env&) -> StepResult {
    EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::again);
    throw Error(ExitCode::unknown, "cannot look");
  });
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::unknown);
}

TEST(StepFlowTest, KeepsTheBytesOfAStepThatIsDone) {
  const Scene scene;
  precheck(scene, Verdict::caution);
  const std::string before = scene.bytes("precheck.json");
  const Ran ran = scene.run("precheck", never());
  EXPECT_EQ(ran.code, ExitCode::proceed);
  EXPECT_TRUE(says(ran.out, "nothing was done again"));
  EXPECT_EQ(scene.bytes("precheck.json"), before);
}

/// Runs a step that has ended once more; whether its verb was called.
bool looks_again(const Scene& scene, std::vector<std::string> more = {}) {
  bool called = false;
  scene.run(
      "precheck",
      [&](Env&) {
        called = true;
        return StepResult{.verdict = Verdict::proceed};
      },
      std::move(more));
  return called;
}

TEST(StepFlowTest, LooksAgainUnlessTheWorldAgrees) {
  Scene scene;
  precheck(scene);
  EXPECT_FALSE(looks_again(scene));
  scene.is_confirmed = [](Env&, const Handoff& own) { return own.verdict != Verdict::proceed; };
  EXPECT_TRUE(looks_again(scene));
  scene.is_confirmed = {};
  EXPECT_TRUE(looks_again(scene)) << "nobody asks the world";
}

TEST(StepFlowTest, LooksAgainUnderAnotherConfigurationAndInADryRun) {
  Scene scene;
  precheck(scene);
  EXPECT_TRUE(looks_again(scene, {"--dry-run"}));
  EXPECT_TRUE(looks_again(scene, {"--set", "precheck.quality.coverage.min=99"}));
  EXPECT_TRUE(looks_again(scene)) << "the file is now of the other configuration";
  EXPECT_FALSE(looks_again(scene));
}

TEST(StepFlowTest, ExitsByTheRecordedVerdictOfADoneStep) {
  const Scene scene;
  precheck(scene);
  scene.run("switch", decides(Verdict::rolled_back));
  EXPECT_EQ(scene.run("switch", never()).code, ExitCode::rolled_back);
}

TEST(StepFlowTest, KeepsAStoppedAttemptAndRunsAgain) {
  const Scene scene;
  EXPECT_EQ(precheck(scene, Verdict::stop).code, ExitCode::stop);
  const std::string first = scene.bytes("precheck.json");
  const std::string id = scene.handoff("precheck").release.id;
  EXPECT_EQ(precheck(scene, Verdict::unknown).code, ExitCode::unknown);
  const std::string second = scene.bytes("precheck.json");
  EXPECT_EQ(precheck(scene).code, ExitCode::proceed);
  EXPECT_EQ(scene.bytes("precheck.1.json"), first);
  EXPECT_EQ(scene.bytes("precheck.2.json"), second);
  EXPECT_EQ(scene.handoff("precheck").release.id, id);
}

TEST(StepFlowTest, ResumesWhatAnUnfinishedRunSaved) {
  const Scene scene;
  scene.run("precheck", [](Env& env) -> StepResult {
    EXPECT_FALSE(env.resumed);
    env.save_state(Json::object({{"done", "half"}}));
    env.log_line("half done");
    throw Error(ExitCode::again, "busy");
  });
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::again);
  scene.run("precheck", [](Env& env) {
    EXPECT_TRUE(env.resumed);
    EXPECT_EQ(env.resumed.value().state["done"].string(), "half");
    env.log_line("done");
    return StepResult{.verdict = Verdict::proceed};
  });
  const Handoff handoff = scene.handoff("precheck");
  ASSERT_EQ(handoff.state["log"].size(), 2U);
  EXPECT_TRUE(says(scene.bytes("deployment-log-v1.6.0.txt"), "] half done\n["));
  EXPECT_FALSE(fs::exists(scene.dir() / "precheck.1.json"));
}

TEST(StepFlowTest, HandsOnTheDigestOfItsArtifacts) {
  const Scene scene;
  scene.run("precheck", [](Env& env) {
    write_file(env.dir / "checklist.md", "# ok\n");
    return StepResult{.verdict = Verdict::proceed, .artifacts = {env.dir / "checklist.md"}};
  });
  const Handoff handoff = scene.handoff("precheck");
  ASSERT_EQ(handoff.artifacts.size(), 1U);
  EXPECT_EQ(handoff.artifacts.front().name, "checklist.md");
  EXPECT_EQ(handoff.artifacts.front().sha256, sha256_hex("# ok\n"));
}

TEST(StepFlowTest, AMissingChannelIsFoundOutBeforeItIsNeeded) {
  const Scene scene;
  const Ran ran = scene.run("precheck", never(), {"--set", "notify.incident=[{webhook: '${NOT_SET_HERE}'}]"});
  EXPECT_EQ(ran.code, ExitCode::usage) << ran.err;
  EXPECT_TRUE(says(ran.err, "NOT_SET_HERE")) << ran.err;
}

TEST(StepFlowTest, NamesAnAdHocReleaseAndGoesOnWithIt) {
  Scene scene;
  scene.flags = {"--standalone", "--set", "app=shop"};
  scene.run("switch", [](Env&) -> StepResult { throw Error(ExitCode::again, "busy"); });
  const std::string version = scene.handoff("switch").release.version;
  EXPECT_TRUE(version.starts_with("adhoc-2"));
  const std::string id = scene.handoff("switch").release.id;
  EXPECT_EQ(scene.run("switch", decides(Verdict::proceed)).code, ExitCode::proceed);
  EXPECT_EQ(scene.handoff("switch").release.id, id);
  EXPECT_EQ(scene.run("watch", decides(Verdict::proceed)).code, ExitCode::proceed);
  EXPECT_EQ(scene.handoff("watch").release.version, version);
  EXPECT_EQ(scene.handoff("watch").previous_step, "switch");
}

TEST(StepFlowTest, NamesEveryAdHocReleaseOnce) {
  std::set<std::string> versions;
  for (int run = 0; run < 3; ++run) {
    Scene scene;
    scene.flags = {"--standalone", "--set", "app=shop"};
    scene.run("switch", decides(Verdict::proceed));
    versions.insert(scene.handoff("switch").release.version);
  }
  EXPECT_EQ(versions.size(), 3U);
}

TEST(StepFlowTest, TakesNothingUpFromAnotherDatabase) {
  Scene scene;
  std::string database = "a";
  scene.identify = [&](Env&) { return Identity{.subject = {}, .target = {.database = database}}; };
  scene.run("precheck", [](Env& env) -> StepResult {
    env.save_state(Json::object({{"done", "half"}}));
    throw Error(ExitCode::again, "busy");
  });
  const std::string first = scene.handoff("precheck").release.id;
  database = "b";
  scene.run("precheck", [](Env& env) {
    EXPECT_FALSE(env.resumed);
    return StepResult{.verdict = Verdict::proceed};
  });
  EXPECT_NE(scene.handoff("precheck").release.id, first);
  EXPECT_TRUE(fs::exists(scene.dir() / first / "precheck.json"));
}

TEST(StepFlowTest, NeedsAReleaseUnlessItStandsAlone) {
  Scene scene;
  scene.flags = {"--set", "app=shop"};
  EXPECT_EQ(scene.run("precheck", never()).code, ExitCode::usage);
  scene.environment = {{"GITHUB_REF_TYPE", "tag"}, {"GITHUB_REF_NAME", "v2.0.0"}, {"GITHUB_SHA", "c0ffee"}};
  EXPECT_EQ(precheck(scene).code, ExitCode::proceed);
  EXPECT_EQ(scene.handoff("precheck").release.version, "v2.0.0");
  EXPECT_EQ(scene.handoff("precheck").release.commit, "c0ffee");
}

TEST(StepFlowTest, RefusesAReleaseThatWouldLeadOutOfTheFolder) {
  Scene scene;
  scene.flags = {"--set", "app=shop", "--release", "../../x"};
  EXPECT_EQ(scene.run("precheck", never()).code, ExitCode::usage);
}

TEST(StepFlowTest, WritesNothingInADryRunAndExitsTheSame) {
  const Scene scene;
  const auto body = [](Env& env) {
    env.save_state(Json::object());
    env.log_line("would do it");
    return StepResult{.verdict = Verdict::stop};
  };
  const Ran ran = scene.run("precheck", body, {"--dry-run", "--report", "json=" + scene.path("r.json").string()});
  EXPECT_EQ(ran.code, ExitCode::stop);
  EXPECT_FALSE(fs::exists(scene.dir()));
  EXPECT_FALSE(fs::exists(scene.path("r.json")));
}

TEST(StepFlowTest, ObservesWithoutStopping) {
  const Scene scene;
  const Ran ran = scene.run("precheck", decides(Verdict::stop), {"--observe"});
  EXPECT_EQ(ran.code, ExitCode::proceed);
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::caution);
  EXPECT_EQ(scene.handoff("precheck").observed, "stop");
}

TEST(StepFlowTest, ObservesAnUnknownThatWasThrown) {
  const Scene scene;
  const Ran ran = scene.run("precheck", [](Env&) -> StepResult { throw Error(ExitCode::unknown, "cannot reach it"); },
                            {"--observe"});
  EXPECT_EQ(ran.code, ExitCode::proceed);
  EXPECT_TRUE(says(ran.err, "cannot reach it"));
  EXPECT_EQ(scene.handoff("precheck").observed, "unknown");
}

TEST(StepFlowTest, LetsAnObservedWatchComeBack) {
  const Scene scene;
  precheck(scene);
  scene.run("switch", decides(Verdict::proceed));
  EXPECT_EQ(scene.run("watch", decides(Verdict::again), {"--observe"}).code, ExitCode::again);
  EXPECT_EQ(scene.run("switch", never(), {"--observe"}).code, ExitCode::usage);
}

TEST(StepFlowTest, StopsOnAWarningWhenStrict) {
  const Scene scene;
  EXPECT_EQ(scene.run("precheck", decides(Verdict::caution), {"--strict"}).code, ExitCode::stop);
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::stop);
  const Scene later;
  precheck(later, Verdict::caution);
  EXPECT_EQ(later.run("precheck", never(), {"--strict"}).code, ExitCode::stop);
  EXPECT_EQ(later.run("switch", never(), {"--strict"}).code, ExitCode::handoff);
  EXPECT_EQ(later.run("switch", decides(Verdict::proceed)).code, ExitCode::proceed);
}

struct Thrown {
  ExitCode code;
  Verdict verdict;
};

TEST(StepFlowTest, LeavesTheVerdictThatFollowsFromTheError) {
  for (const auto& [code, verdict] :
       {Thrown{ExitCode::unknown, Verdict::unknown}, Thrown{ExitCode::stop, Verdict::stop},
        Thrown{ExitCode::rolled_back, Verdict::rolled_back},
        Thrown{ExitCode::rollback_failed, Verdict::rollback_failed}, Thrown{ExitCode::error, Verdict::unknown},
        Thrown{ExitCode::handoff, Verdict::again}, Thrown{ExitCode::again, Verdict::again}}) {
    const Scene scene;
    const ExitCode thrown = code;
    const Ran ran = scene.run("precheck", [thrown](Env&) -> StepResult { throw Error(thrown, "no way"); });
    EXPECT_EQ(ran.code, code);
    EXPECT_EQ(scene.handoff("precheck").verdict, verdict) << exit_name(code);
  }
}

TEST(StepFlowTest, TurnsAFaultOfOursIntoOne) {
  const Scene scene;
  const Ran ran = scene.run("precheck", [](Env&) -> StepResult { throw std::out_of_range("vector::at"); });
  EXPECT_EQ(ran.code, ExitCode::error);
  EXPECT_TRUE(says(ran.err, "precheck: error: internal error: vector::at"));
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::unknown);
}

TEST(StepFlowTest, EndsAStoppedStepByItsDeadline) {
  const Scene scene;
  const Ran ran = scene.run("precheck",
                            [](Env& env) -> StepResult {
                              env.clock.sleep_for(std::chrono::minutes(1), env.stop);
                              throw Error(ExitCode::interrupted, "stopped");
                            },
                            {"--deadline", "20ms"});
  EXPECT_EQ(ran.code, ExitCode::deadline);
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::again);
}

TEST(StepFlowTest, LetsAGraverVerdictWinOverTheDeadlineAndAnExplicitCodeStand) {
  const auto sleeps = [](Verdict verdict, std::optional<ExitCode> code) {
    return [=](Env& env) {
      env.clock.sleep_for(std::chrono::minutes(1), env.stop);
      return StepResult{.verdict = verdict, .code = code};
    };
  };
  const Scene scene;
  EXPECT_EQ(scene.run("precheck", sleeps(Verdict::stop, {}), {"--deadline", "20ms"}).code, ExitCode::stop);
  EXPECT_EQ(scene.run("precheck", sleeps(Verdict::again, {}), {"--deadline", "20ms"}).code, ExitCode::deadline);
  EXPECT_EQ(scene.run("precheck", sleeps(Verdict::again, ExitCode::again), {"--deadline", "20ms"}).code,
            ExitCode::again);
}

TEST(StepFlowTest, RefusesASecondRunInTheSameFolderAndNamesTheFirst) {
  const Scene scene;
  scene.run("precheck", [&](Env&) {
    EXPECT_TRUE(says(read_file(scene.dir() / ".precheck.lock"), "pid "));
    return StepResult{.verdict = Verdict::proceed};
  });
  const auto lock = FileLock::try_lock(Inside{scene.dir(), ".precheck.lock"});
  const Ran ran = scene.run("precheck", never());
  EXPECT_EQ(ran.code, ExitCode::again);
  EXPECT_TRUE(says(ran.err, "another run of precheck works in")) << ran.err;
  EXPECT_TRUE(says(ran.err, "pid ")) << ran.err;
}

TEST(StepFlowTest, RefusesItsOwnDamagedFile) {
  const Scene scene;
  precheck(scene);
  std::string bytes = scene.bytes("precheck.json");
  write_file(scene.dir() / "precheck.json", bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(scene.run("precheck", never()).code, ExitCode::handoff);
}

TEST(StepFlowTest, LooksAndActsWithoutAnyHandoff) {
  const Scene scene;
  for (const char* verb : {"look", "undo"}) {
    const Ran ran = scene.run("switch", decides(Verdict::proceed), {verb});
    EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
    EXPECT_FALSE(fs::exists(scene.dir())) << verb;
  }
}

}  // namespace
}  // namespace baton
