// Which step is followed, which files are taken for its handoff and which are refused.
#include "common/step/previous_step.h"

#include <algorithm>

#include "common/core/error.h"
#include "tests/support/step_scene.h"

namespace baton {
namespace {

TEST(PreviousStepTest, ChainsTheStepsAndRebuildsTheLog) {
  Scene scene;
  scene.flags.insert(scene.flags.end(), {"--set", "database.url=sqlite:app.db"});
  const auto logs = [](const std::string& line) {
    return [line](Env& env) {
      env.log_line(line);
      return StepResult{.verdict = Verdict::proceed};
    };
  };
  precheck(scene);
  EXPECT_EQ(scene.run("migrate", logs("migrated")).code, ExitCode::proceed);
  const Ran ran = scene.run("switch", [&](Env& env) {
    EXPECT_EQ(env.previous->step, "migrate");
    EXPECT_EQ(env.earlier.size(), 2U);
    EXPECT_EQ(env.release.id, scene.handoff("precheck").release.id);
    return logs("switched")(env);
  });
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
  EXPECT_EQ(scene.handoff("switch").previous_sha256, sha256_hex(scene.bytes("migrate.json")));
  const std::string log = scene.bytes("deployment-log-v1.6.0.txt");
  EXPECT_LT(log.find("migrated"), log.find("switched"));
}

TEST(PreviousStepTest, LetsSwitchFollowPrecheckWhereThereIsNoDatabase) {
  const Scene scene;
  precheck(scene);
  const Ran ran = scene.run("switch", decides(Verdict::proceed));
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
  EXPECT_EQ(scene.handoff("switch").previous_step, "precheck");
}

TEST(PreviousStepTest, AnUnsetDatabaseVariableIsNoAbsentDatabase) {
  const Scene scene;
  scene.run("precheck", decides(Verdict::proceed));
  const Ran ran = scene.run("switch", never(), {"--set", "database.url=${NOT_SET_HERE}"});
  EXPECT_EQ(ran.code, ExitCode::handoff) << ran.err;
}

TEST(PreviousStepTest, RefusesToGoOnWithoutTheStepBefore) {
  const Scene scene;
  const Ran ran = scene.run("switch", never());
  EXPECT_EQ(ran.code, ExitCode::handoff);
  EXPECT_TRUE(says(ran.err, "switch: error: there is no handoff of precheck"));
  EXPECT_TRUE(says(ran.err, "switch: hint: Run precheck first"));
  EXPECT_FALSE(fs::exists(scene.dir() / "switch.json"));
}

TEST(PreviousStepTest, RefusesAfterAStopAndAfterAgain) {
  for (const Verdict verdict : {Verdict::stop, Verdict::again, Verdict::unknown}) {
    const Scene scene;
    precheck(scene, verdict);
    EXPECT_EQ(scene.run("switch", never()).code, ExitCode::handoff);
  }
}

TEST(PreviousStepTest, TakesTheDigestFromTheFlagElseFromTheVariable) {
  Scene scene;
  precheck(scene);
  const std::string right = sha256_hex(scene.bytes("precheck.json"));
  const std::string wrong = sha256_hex("x");
  scene.environment["BATON_PRECHECK_HANDOFF_SHA256"] = wrong;
  const Ran refused = scene.run("switch", never());
  EXPECT_EQ(refused.code, ExitCode::handoff);
  EXPECT_TRUE(says(refused.err, "has been altered"));
  EXPECT_EQ(scene.run("switch", decides(Verdict::proceed), {"--handoff-sha256", right}).code, ExitCode::proceed);
}

TEST(PreviousStepTest, RefusesAnotherImage) {
  Scene scene;
  scene.identify = [](Env&) { return Identity{.subject = {"shop:v1.6.0", sha256_hex("one")}}; };
  precheck(scene);
  EXPECT_EQ(scene.handoff("precheck").subject.sha256, sha256_hex("one"));
  scene.identify = [](Env&) { return Identity{.subject = {"shop:v1.6.0", sha256_hex("two")}}; };
  const Ran ran = scene.run("switch", never());
  EXPECT_EQ(ran.code, ExitCode::handoff);
  EXPECT_TRUE(says(ran.err, "another image"));
}

TEST(PreviousStepTest, BeginsANewDeploymentForAnotherImageAndMovesTheOldFilesAway) {
  Scene scene;
  scene.identify = [](Env&) { return Identity{.subject = {"shop:v1.6.0", sha256_hex("one")}}; };
  scene.run("precheck", [](Env& env) {
    write_file(env.dir / "checklist.md", "# ok\n");
    write_file(env.dir / "evidence/pod.log", "x");
    return StepResult{.verdict = Verdict::proceed, .artifacts = {env.dir / "checklist.md"}};
  });
  const std::string old = scene.handoff("precheck").release.id;
  const std::string bytes = scene.bytes("precheck.json");
  scene.identify = [](Env&) { return Identity{.subject = {"shop:v1.6.0", sha256_hex("two")}}; };
  EXPECT_EQ(precheck(scene).code, ExitCode::proceed);
  EXPECT_NE(scene.handoff("precheck").release.id, old);
  EXPECT_EQ(scene.bytes(old + "/precheck.json"), bytes);
  EXPECT_EQ(scene.bytes(old + "/checklist.md"), "# ok\n");
  EXPECT_EQ(scene.bytes(old + "/evidence/pod.log"), "x");
  EXPECT_FALSE(fs::exists(scene.dir() / "checklist.md"));
}

TEST(PreviousStepTest, MovesNothingOutThroughALink) {
  Scene scene;
  scene.identify = [](Env&) { return Identity{.subject = {"shop:v1.6.0", sha256_hex("one")}}; };
  scene.run("precheck", [](Env& env) {
    write_file(env.dir / "ev/id_rsa", "x");
    return StepResult{.verdict = Verdict::proceed, .artifacts = {env.dir / "ev/id_rsa"}};
  });
  fs::rename(scene.dir() / "ev", scene.path("secret"));
  fs::create_directory_symlink(scene.path("secret"), scene.dir() / "ev");
  scene.identify = [](Env&) { return Identity{.subject = {"shop:v1.6.0", sha256_hex("two")}}; };
  EXPECT_NE(precheck(scene).code, ExitCode::proceed);
  EXPECT_EQ(read_file(scene.path("secret/id_rsa")), "x");
}

TEST(PreviousStepTest, BeginsANewDeploymentOnceALaterStepHasRun) {
  const Scene scene;
  precheck(scene);
  scene.run("switch", decides(Verdict::proceed));
  const std::string old = scene.handoff("precheck").release.id;
  precheck(scene);
  EXPECT_NE(scene.handoff("precheck").release.id, old);
  EXPECT_FALSE(Snapshot(scene.folder()).has("switch"));
  EXPECT_TRUE(fs::exists(scene.dir() / old / "switch.json"));
}

TEST(PreviousStepTest, ChecksAgainOnceItsHandoffHasExpired) {
  const Scene scene;
  scene.run("precheck", [](Env& env) {
    return StepResult{.verdict = Verdict::proceed, .expires_at = env.started_at - Duration(1)};
  });
  const std::string id = scene.handoff("precheck").release.id;
  bool has_run = false;
  scene.run("precheck", [&](Env&) {
    has_run = true;
    return StepResult{.verdict = Verdict::proceed};
  });
  EXPECT_TRUE(has_run);
  EXPECT_EQ(scene.handoff("precheck").release.id, id);
}

TEST(PreviousStepTest, RefusesAnExpiredHandoffUnlessAnIntentIsBeingResumed) {
  Scene scene;
  scene.run("precheck", [](Env& env) {
    return StepResult{.verdict = Verdict::proceed, .expires_at = env.started_at - Duration(1)};
  });
  EXPECT_TRUE(says(scene.run("switch", never()).err, "has expired"));
  const std::string id = scene.handoff("precheck").release.id;
  scene.is_resuming = [&](Env& env) { return env.release.id == id; };
  const Ran ran = scene.run("switch", decides(Verdict::proceed));
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
}

TEST(PreviousStepTest, StandsAloneWithoutAFileButNeverWithABadOne) {
  Scene scene;
  scene.flags.emplace_back("--standalone");
  EXPECT_EQ(scene.run("switch", decides(Verdict::proceed)).code, ExitCode::proceed);
  EXPECT_TRUE(scene.handoff("switch").standalone);
  EXPECT_EQ(scene.handoff("switch").previous_step, "");
  write_file(scene.dir() / "switch.json", "{");
  EXPECT_EQ(scene.run("watch", never()).code, ExitCode::handoff);
}

TEST(PreviousStepTest, LetsFinalizeFollowWhateverRanLast) {
  const Scene scene;
  EXPECT_EQ(scene.run("finalize", never()).code, ExitCode::handoff);
  precheck(scene);
  scene.run("switch", decides(Verdict::rolled_back));
  const Ran ran = scene.run("finalize", [](Env& env) {
    EXPECT_EQ(env.previous->step, "switch");
    return StepResult{.verdict = Verdict::proceed};
  });
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
}

}  // namespace
}  // namespace baton
