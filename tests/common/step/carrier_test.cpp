// A deployment that is gone on with by machines that have none of its files.
#include "common/step/carrier.h"

#include <set>

#include "common/core/gzip.h"
#include "tests/common/handoff/test_keys.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/step_scene.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

/// A machine with a folder of its own. Without a release the flags name none.
struct Machine {
  Machine(const test::Playground& playground, const std::string& step, const std::string& release = {}) {
    scene.environment["KUBECONFIG"] = playground.kubeconfig();
    scene.flags = {"--set", "app=myapp",
                   "--set", "watch.intensive={for: 1h, every: 5m}",
                   "--set", "watch.passive={for: 1h, every: 5m}"};
    if (!release.empty()) scene.flags.insert(scene.flags.end(), {"--release", release});
    if (step != "precheck") scene.carrier.put = put_carried;
    if (step == "watch" || step == "finalize") {
      scene.carrier.fetch = fetch_carried;
      scene.is_confirmed = {};  // these two look again
    }
  }
  Scene scene;
};

class CarrierTest : public testing::Test {
 protected:
  /// As switch does it, in a pipeline's folder: under the Lease, proved `ago`.
  Ran deploy(const std::string& version, Verdict verdict = Verdict::proceed, bool moves_traffic = true,
             Duration ago = {}) {
    Machine checks(playground, "precheck", version);
    Machine pipeline(playground, "switch", version);
    EXPECT_EQ(precheck(checks.scene).code, ExitCode::proceed);
    fs::copy(checks.scene.dir(), pipeline.scene.dir());
    return pipeline.scene.run("switch", [&](Env& env) {
      id = env.release.id;
      remember(
          {.id = id, .version = version, .proved_at = moves_traffic ? std::optional(clock.now() - ago) : std::nullopt},
          verdict);
      auto move = Json::object({{"id", id}});
      if (moves_traffic) move["patched_at"] = to_rfc3339(clock.now());
      return StepResult{.verdict = verdict, .state = Json::object({{"move", move}})};
    });
  }

  void remember(rollout::LedgerEntry entry, Verdict verdict) {
    auto here = context(entry.id);
    auto lease = rollout::Lease::acquire(here, rollout::Claim::wait);
    entry.steps["switch"] = verdict_name(verdict);
    lease.remember(entry);
  }

  rollout::Context context(const std::string& of) {
    return {
        .kube = kube, .config = config, .clock = clock, .http = http, .stop = {}, .app = "myapp", .id = of, .say = {}};
  }

  Ran run(const std::string& step, Verdict verdict, const std::string& release = {}) {
    Machine machine(playground, step, release);
    last_files.clear();
    const auto ran = machine.scene.run(step, [&](Env& env) {
      is_run = true;
      seen = env.release;
      resumed = env.resumed ? env.resumed->state : Json();
      return StepResult{.verdict = verdict, .state = Json::object({{"by", release.empty() ? "a tick" : release}})};
    });
    if (fs::exists(machine.scene.dir()))
      for (const auto& file : fs::directory_iterator(machine.scene.dir())) last_files.insert(file.path().filename());
    return ran;
  }
  Ran tick(Verdict verdict = Verdict::again, const std::string& release = {}) { return run("watch", verdict, release); }

  std::optional<Json> carrier() { return kube.find(kube::kConfigMaps, "baton-myapp-" + id); }
  void alter(const std::string& key, const std::string& bytes) {
    auto config_map = *carrier();
    config_map["binaryData"][key] = to_base64(bytes);
    kube.replace(kube::kConfigMaps, config_map);
  }
  rollout::LedgerEntry entry() {
    auto here = context(id);
    return rollout::read_lease(here).ledger.back();
  }

  test::Playground playground{{.version = ""}};
  SystemClock clock;
  kube::Client kube = playground.client(clock);
  HttpClient http{{}, Environment(), clock};
  Config config;
  std::string id;       ///< of the deployment that was switched last
  bool is_run = false;  ///< whether a machine's verb was called
  Release seen;         ///< what it was told
  Json resumed;
  std::set<std::string> last_files;  ///< that the machine had at the end
};

TEST_F(CarrierTest, ATickFindsTheOpenReleaseByItselfAndTheNextOneGoesOnFromThere) {
  ASSERT_EQ(deploy("v1.6.0").code, ExitCode::proceed);
  const auto first = tick();
  EXPECT_EQ(first.code, ExitCode::again) << first.out << first.err;
  EXPECT_EQ(seen.version, "v1.6.0");
  EXPECT_EQ(seen.id, id);
  EXPECT_TRUE(resumed.is_null());
  EXPECT_TRUE(last_files.contains("precheck.json") && last_files.contains("switch.json")) << "the chain is read";
  tick();
  EXPECT_EQ(resumed["by"].string_or(""), "a tick") << "what the tick before left";
  EXPECT_EQ(entry().steps["watch"].string_or(""), "again");
}

TEST_F(CarrierTest, ANamedReleaseIsTheSame) {
  deploy("v1.6.0");
  EXPECT_EQ(tick(Verdict::again, "v1.6.0").code, ExitCode::again);
  EXPECT_EQ(seen.id, id);
}

TEST_F(CarrierTest, NothingIsOpenWhereNothingWasReleased) {
  for (const auto* step : {"watch", "finalize"}) {
    const auto ran = run(step, Verdict::proceed);
    EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
    EXPECT_TRUE(says(ran.out, "nothing is open")) << ran.out;
    EXPECT_FALSE(is_run);
    EXPECT_FALSE(last_files.contains(std::string(step) + ".json")) << "nothing is handed on";
  }
}

TEST_F(CarrierTest, AWatchThatEndedIsNotBegunAgainAndFinalizeGoesOnToTheEnd) {
  deploy("v1.6.0");
  const auto early = run("finalize", Verdict::again);
  EXPECT_EQ(early.code, ExitCode::again);
  EXPECT_TRUE(says(early.out, "is still watched"));
  EXPECT_FALSE(is_run);

  EXPECT_EQ(tick(Verdict::caution).code, ExitCode::proceed);
  is_run = false;
  const auto late = tick();
  EXPECT_EQ(late.code, ExitCode::proceed);
  EXPECT_TRUE(says(late.out, "nothing is open: watch of v1.6.0"));
  EXPECT_FALSE(is_run);

  EXPECT_EQ(run("finalize", Verdict::again).code, ExitCode::again);
  EXPECT_TRUE(is_run);
  EXPECT_TRUE(last_files.contains("watch.json"));
  EXPECT_EQ(run("finalize", Verdict::proceed).code, ExitCode::proceed);
  EXPECT_EQ(carrier(), std::nullopt) << "nobody goes on any more";
  is_run = false;
  EXPECT_TRUE(says(run("finalize", Verdict::proceed).out, "nothing is open: finalize of v1.6.0"));
  EXPECT_FALSE(is_run);
}

TEST_F(CarrierTest, ARunThatIsSlowerThanTheEndOpensNothingAgain) {
  deploy("v1.6.0");
  Machine slow(playground, "watch");
  slow.scene.run("watch", [&](Env&) {
    auto here = context(id);
    rollout::carry(here, {.id = id, .steps = Json::object({{"watch", "rolled-back"}})}, {}, rollout::Carry::go_on);
    return StepResult{.verdict = Verdict::again};
  });
  EXPECT_EQ(entry().steps["watch"].string_or(""), "rolled-back");
  EXPECT_TRUE(says(tick().out, "nothing is open"));
}

// A look that failed is no end, and neither is a rollback that failed: somebody is needed until it is over.
TEST_F(CarrierTest, WhatDidNotEndTheWatchKeepsItOpen) {
  deploy("v1.6.0");
  for (const auto verdict : {Verdict::stop, Verdict::unknown, Verdict::rollback_failed}) {
    tick(verdict);
    is_run = false;
    tick();
    EXPECT_TRUE(is_run) << verdict_name(verdict);
  }
  Machine broken(playground, "watch");
  broken.scene.run("watch", [](Env&) -> StepResult { throw Error(ExitCode::stop, "cannot look"); });
  EXPECT_EQ(entry().steps["watch"].string_or(""), "again");
}

TEST_F(CarrierTest, AfterTheWindowAWatchThatCouldNotDecideIsOverButAFailedRollbackNever) {
  deploy("v1.6.0", Verdict::proceed, /*moves_traffic=*/true, 3h);
  EXPECT_EQ(tick(Verdict::rollback_failed).code, ExitCode::rollback_failed);
  EXPECT_EQ(tick(Verdict::unknown).code, ExitCode::unknown);
  EXPECT_TRUE(says(tick().out, "nothing is open: watch of v1.6.0"));
}

// The last tick may come late; a watch that nobody goes on with at all is found missing.
TEST_F(CarrierTest, FinalizeWaitsForTheLastTickAndNotForEver) {
  deploy("v1.6.0", Verdict::proceed, /*moves_traffic=*/true, 2h + 30min);
  EXPECT_TRUE(says(run("finalize", Verdict::unknown).out, "is still watched"));
  deploy("v1.7.0", Verdict::proceed, /*moves_traffic=*/true, 3h + 1min);
  EXPECT_EQ(run("finalize", Verdict::unknown).code, ExitCode::unknown);
  EXPECT_TRUE(is_run);
}

TEST_F(CarrierTest, WhatWasAlteredIsNotTaken) {
  deploy("v1.6.0");
  const auto whole = carrier();
  const std::pair<std::string, std::string> altered[] = {{gzip("{}"), "holds other handoffs"},
                                                         {"no gzip", "compressed data is damaged"}};
  for (const auto* name : {"switch.json", "precheck.json"}) {
    for (const auto& [bytes, why] : altered) {
      alter(name, bytes);
      const auto ran = tick();
      EXPECT_EQ(ran.code, ExitCode::handoff);
      EXPECT_TRUE(says(ran.err, why)) << ran.err;
      EXPECT_TRUE(says(ran.err, "baton-myapp-" + id));
    }
    auto again = *carrier();
    again["binaryData"] = (*whole)["binaryData"];
    kube.replace(kube::kConfigMaps, again);
  }
  EXPECT_EQ(tick().code, ExitCode::again) << "put back as it was";
  kube.remove(kube::kConfigMaps, "baton-myapp-" + id);
  const auto gone = tick();
  EXPECT_EQ(gone.code, ExitCode::handoff);
  EXPECT_TRUE(says(gone.err, "is gone"));
}

// Where keys are trusted, a digest on the Lease is not enough.
TEST_F(CarrierTest, WhatNobodySignedIsNotTakenWhereKeysAreTrusted) {
  deploy("v1.6.0");
  Machine machine(playground, "watch");
  machine.scene.flags.insert(machine.scene.flags.end(),
                             {"--set", "signing.trust=['" + std::string(sample::kP256Line) + "']"});
  const auto ran = machine.scene.run("watch", never());
  EXPECT_EQ(ran.code, ExitCode::handoff);
  EXPECT_TRUE(says(ran.err, "sign")) << ran.err;
}

// Killed between the two writes: the Lease knows the new digest and the one before it.
TEST_F(CarrierTest, AKillBetweenLeaseAndConfigMapIsTakenUp) {
  deploy("v1.6.0");
  tick();
  const auto before = *carrier();
  tick();
  auto after = *carrier();
  ASSERT_NE(before["binaryData"], after["binaryData"]);
  after["binaryData"] = before["binaryData"];
  kube.replace(kube::kConfigMaps, after);
  EXPECT_EQ(tick().code, ExitCode::again);
  EXPECT_EQ(tick().code, ExitCode::again);
}

TEST_F(CarrierTest, ANewerReleaseTakesTheCarrierOfTheOneBeforeAway) {
  deploy("v1.6.0");
  const auto old = id;
  deploy("v1.7.0");
  EXPECT_EQ(kube.find(kube::kConfigMaps, "baton-myapp-" + old), std::nullopt);
  tick();
  EXPECT_EQ(seen.version, "v1.7.0");
  const auto ran = tick(Verdict::again, "v1.6.0");
  EXPECT_EQ(ran.code, ExitCode::proceed);
  EXPECT_TRUE(says(ran.out, "v1.6.0 was overtaken by v1.7.0"));
}

// It may have been stopped before any traffic: what served before is watched on.
TEST_F(CarrierTest, ASwitchThatMovedNoTrafficChangesNothing) {
  deploy("v1.6.0");
  const auto old = id;
  deploy("v1.7.0", Verdict::stop, /*moves_traffic=*/false);
  tick(Verdict::superseded);
  EXPECT_EQ(seen.id, old);
  id = old;
  EXPECT_NE(carrier(), std::nullopt);
  is_run = false;
  tick();
  EXPECT_TRUE(is_run) << "overtaken is asked anew each time";
}

TEST_F(CarrierTest, AReleaseThatSwitchRolledBackHasNothingToWatch) {
  deploy("v1.6.0", Verdict::rolled_back);
  EXPECT_TRUE(says(tick().out, "nothing is open: watch of v1.6.0"));
  EXPECT_EQ(run("finalize", Verdict::proceed).code, ExitCode::proceed);
  EXPECT_TRUE(is_run);
}

// Silence would be a yes: it is live, and nobody without its files can look after it.
TEST_F(CarrierTest, AReleaseThatIsLiveAndNotCarriedIsSaid) {
  playground.sandbox().access().allow_only({"get leases", "create leases", "update leases", "patch leases"});
  const auto released = deploy("v1.6.0");
  EXPECT_EQ(released.code, ExitCode::proceed) << "the release is what it is";
  EXPECT_TRUE(says(released.err, "no CronJob or scheduled job can go on from here")) << released.err;
  const auto ran = tick();
  EXPECT_EQ(ran.code, ExitCode::handoff);
  EXPECT_TRUE(says(ran.err, "went live, and the cluster does not carry its handoffs"));
  EXPECT_FALSE(is_run);
}

TEST_F(CarrierTest, WhatIsBeingSwitchedIsWaitedFor) {
  remember({.id = "id-1", .version = "v1.6.0", .proved_at = clock.now()}, Verdict::proceed);
  auto here = context("id-1");
  const auto lease = rollout::Lease::acquire(here, rollout::Claim::wait);
  const auto ran = tick();
  EXPECT_EQ(ran.code, ExitCode::again);
  EXPECT_TRUE(says(ran.out, "is being deployed"));
}

TEST_F(CarrierTest, ADryRunLeavesNoFileAndChangesNothing) {
  deploy("v1.6.0");
  const auto before = carrier();
  Machine machine(playground, "watch");
  const auto ran = machine.scene.run("watch", decides(Verdict::again), {"--dry-run"});
  EXPECT_EQ(ran.code, ExitCode::again) << ran.err;
  EXPECT_FALSE(fs::exists(machine.scene.dir()));
  EXPECT_EQ(carrier(), before);
}

// A folder that stays, as on a volume: the files of the release before go where all of their kind go.
TEST_F(CarrierTest, AFolderOfAnEarlierReleaseIsFollowedByTheOpenOne) {
  deploy("v1.6.0");
  const auto old = id;
  Machine kept(playground, "watch");
  const auto again = [&](Env& env) {
    seen = env.release;
    return StepResult{.verdict = Verdict::again};
  };
  kept.scene.run("watch", again);
  deploy("v1.7.0");
  const auto ran = kept.scene.run("watch", again);
  EXPECT_EQ(ran.code, ExitCode::again) << ran.err;
  EXPECT_EQ(seen.version, "v1.7.0");
  EXPECT_TRUE(fs::exists(kept.scene.dir() / old / "switch.json"));
}

TEST_F(CarrierTest, MoreThanAConfigMapHoldsIsSaid) {
  deploy("v1.6.0");
  auto here = context(id);
  std::string noise;
  for (int i = 0; i < 40'000; ++i) noise += random_hex(32);
  const auto why = test::refusal(ExitCode::unknown, [&] {
    rollout::carry(here, {.id = id}, {{"watch.json", noise}}, rollout::Carry::go_on);
    return 0;
  });
  EXPECT_TRUE(says(why, "a ConfigMap carries 900 kB")) << why;
}

}  // namespace
}  // namespace baton
