// Tables of handoffs and what they tell together: no disk, no cluster.
#include "tools/finalize/deployment.h"

#include <gtest/gtest.h>

#include "tests/support/sample_move.h"

namespace baton::finalize {
namespace {

using namespace std::chrono_literals;

const Time kNoon = *parse_rfc3339("2026-03-01T12:00:00Z");

/// A step, a minute long, that ended at noon.
Handoff step(const std::string& name, Verdict verdict = Verdict::proceed, Json state = Json::object()) {
  return {.step = name,
          .subject = {},
          .release = {.app = "shop", .version = "v1.6.0", .environment = "production", .id = "id-1"},
          .verdict = verdict,
          .state = std::move(state),
          .started_at = kNoon - 1min,
          .finished_at = kNoon};
}

Json with_move(Time proved, rollout::Phase phase = rollout::Phase::kept) {
  auto move = test::sample_move();
  move.patched_at = proved - 1s;
  move.proved_at = proved;
  move.phase = phase;
  return Json::object({{"move", rollout::to_json(move)}});
}

Json with_coverage(const std::string& text) { return Json::object({{"coverage", text}}); }

using enum Verdict;
using Steps = std::vector<Handoff>;

TEST(DeploymentTest, IsNamedByItsHandoffs) {
  const Release asked{.app = "shop", .version = "adhoc", .environment = "staging", .id = "id-9"};
  EXPECT_EQ(deployment_of(Steps{step("switch")}, {.release = asked}).release.id, "id-1");
  EXPECT_EQ(deployment_of({}, {.release = asked}).release.id, "id-9");
}

TEST(DeploymentTest, BeganWithThePipelineElseWithTheFirstStep) {
  EXPECT_EQ(deployment_of({}, {.started_at = kNoon}).begun, kNoon);
  Steps steps{step("precheck"), step("switch")};
  EXPECT_EQ(deployment_of(steps, {}).begun, kNoon - 1min);
  steps[1].run.pipeline_started_at = "2026-03-01T11:40:00Z";
  EXPECT_EQ(deployment_of(steps, {}).begun, kNoon - 20min);
  steps[0].run.pipeline_started_at = "yesterday";
  EXPECT_EQ(deployment_of(steps, {}).begun, kNoon - 20min) << "what is no time says nothing";
}

TEST(DeploymentTest, WasSwitchedWhenTheSwitchWasProvedElsePatched) {
  EXPECT_FALSE(deployment_of(Steps{step("precheck")}, {}).switched);
  auto state = with_move(kNoon);
  EXPECT_EQ(deployment_of(Steps{step("switch", proceed, state)}, {}).switched, kNoon);
  state["move"].erase("proved_at");
  EXPECT_EQ(deployment_of(Steps{step("switch", stop, state)}, {}).switched, kNoon - 1s);
}

TEST(DeploymentTest, TakesTheMoveAsTheLastStepLeftIt) {
  const Steps steps{step("switch", proceed, with_move(kNoon)),
                    step("watch", rolled_back, with_move(kNoon, rollout::Phase::undone))};
  const auto deployment = deployment_of(steps, {});
  ASSERT_TRUE(deployment.move);
  EXPECT_EQ(deployment.move->phase, rollout::Phase::undone);
}

TEST(DeploymentTest, LastsFromItsBeginToTheSwitchAndSaysFromWhatToWhat) {
  EXPECT_EQ(duration_text({.begun = kNoon}), "not known");
  EXPECT_EQ(duration_text({.begun = kNoon - 20min, .is_build_in = true, .switched = kNoon}),
            "20m from 2026-03-01T11:40:00Z (pipeline start) to 2026-03-01T12:00:00Z (traffic switched)");
  EXPECT_EQ(duration_text({.begun = kNoon, .switched = kNoon + 1ms}),
            "1 s from 2026-03-01T12:00:00Z (first step; the build before it is not known) to "
            "2026-03-01T12:00:00.001Z (traffic switched)");
}

// On GitHub and by hand the pipeline's start is not known: precheck's own stands in for it.
TEST(DeploymentTest, ThePipelinesStartIsKnownOnlyWhereItIsBeforeTheFirstStep) {
  Steps steps{step("precheck"), step("switch")};
  EXPECT_FALSE(deployment_of(steps, {}).is_build_in);
  steps[0].run.pipeline_started_at = to_rfc3339(kNoon - 1min);
  EXPECT_FALSE(deployment_of(steps, {}).is_build_in);
  steps[0].run.pipeline_started_at = to_rfc3339(kNoon - 1min - 1ms);
  EXPECT_TRUE(deployment_of(steps, {}).is_build_in);
}

TEST(DeploymentTest, IsHeldAgainstTheSopsThirtyMinutesWithTheBuildOnly) {
  Deployment deployment{.begun = kNoon - 30min + 1ms, .is_build_in = true, .switched = kNoon};
  EXPECT_EQ(duration_mark(deployment), Outcome::pass);
  deployment.begun = kNoon - 30min;
  EXPECT_EQ(duration_mark(deployment), Outcome::warn);
  deployment.is_build_in = false;
  EXPECT_EQ(duration_mark(deployment), std::nullopt);
}

TEST(DeploymentTest, WasSoakedWhenSwitchKeptIt) {
  EXPECT_EQ(deployment_of(Steps{step("switch")}, {}).soaked, kNoon);
  EXPECT_EQ(deployment_of(Steps{step("switch", rolled_back)}, {}).soaked, std::nullopt);
}

TEST(DeploymentTest, ReadsWatchsCoverageStrictly) {
  const auto coverage = [](const std::string& text) {
    return deployment_of(Steps{step("watch", proceed, with_coverage(text))}, {}).coverage;
  };
  EXPECT_EQ(coverage("99.5"), 99.5);
  for (const auto* text : {"", "99.5 %", "nan", "inf"}) EXPECT_EQ(coverage(text), std::nullopt) << text;
  EXPECT_EQ(deployment_of(Steps{step("watch")}, {}).coverage, std::nullopt);
}

TEST(DeploymentTest, MissesMigrateOnlyWhereThereIsADatabase) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(deployment_of({}, {}).missing, (Names{"precheck", "switch", "watch"}));
  const Steps steps{step("precheck"), step("switch"), step("watch")};
  EXPECT_EQ(deployment_of(steps, {}).missing, Names{});
  EXPECT_EQ(deployment_of(steps, {.has_database = true}).missing, Names{"migrate"});
}

TEST(DeploymentTest, ListsWhatWasNoCleanPassStepByStep) {
  Steps steps{step("precheck", caution), step("watch")};
  steps[0].findings = {{.title = "Backup", .outcome = Outcome::warn, .message = "4 days old"},
                       {.title = "Disk", .outcome = Outcome::pass},
                       {.title = "Team", .outcome = Outcome::skipped}};
  steps[1].findings = {{.title = "CPU", .critical = true, .outcome = Outcome::unknown, .observed = Measured(96, "%")},
                       {.title = "Error rate", .outcome = Outcome::unknown, .message = "too little traffic to judge"}};
  EXPECT_EQ(deployment_of(steps, {}).issues,
            (std::vector<std::string>{"precheck: Backup: 4 days old (warn)", "watch: CPU: 96 % (unknown)"}));
}

}  // namespace
}  // namespace baton::finalize
