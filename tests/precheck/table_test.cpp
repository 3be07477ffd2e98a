// What a terminal shows, and what it says to fix first.
#include "tools/precheck/table.h"

#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tools/precheck/first_to_fix.h"
#include "tools/precheck/running_checks.h"

namespace baton::precheck {
namespace {

Finding line(const char* id, Outcome outcome, bool critical) {
  return {.id = id,
          .sop = {},
          .title = std::string(place_of(id).check->title),
          .critical = critical,
          .outcome = outcome,
          .observed = Measured(15, "%"),
          .expected = Expected(">=", Measured(20, "%")),
          .message = "seen"};
}

std::vector<GroupFindings> found(std::vector<Finding> findings) {
  return {{.group = place_of("coverage").group, .findings = std::move(findings)}};
}

TEST(FirstToFixTest, WhatStopsComesBeforeWhatIsNotKnownAndThatBeforeWarnings) {
  const auto first = [](std::vector<Finding> findings) {
    const auto groups = found(std::move(findings));
    const auto picked = first_to_fix(groups);
    return picked.finding == nullptr ? "" : picked.finding->id;
  };
  const auto warns = line("code-review", Outcome::warn, true);
  const auto unknown = line("coverage", Outcome::unknown, true);
  const auto fails = line("unit-tests", Outcome::fail, true);
  const auto fails_softly = line("performance", Outcome::fail, false);
  EXPECT_EQ(first({warns, unknown, fails_softly, fails}), "unit-tests");
  EXPECT_EQ(first({warns, fails_softly, unknown}), "coverage");
  EXPECT_EQ(first({warns, fails_softly}), "performance");
  EXPECT_EQ(first({warns}), "code-review");
  EXPECT_EQ(first({line("coverage", Outcome::pass, true), line("unit-tests", Outcome::skipped, true)}), "");
}

TEST(FirstToFixTest, ItsOwnHintComesBeforeTheSopsSteps) {
  auto fails = line("coverage", Outcome::fail, true);
  fails.recovery = {"Write tests for a.cpp."};
  const auto groups = found({fails});
  const auto steps = recovery_of(first_to_fix(groups));
  ASSERT_GT(steps.size(), 2U);
  EXPECT_EQ(steps[0], "Write tests for a.cpp.");
  EXPECT_EQ(steps[1], "Identify which gate failed (code review, tests, security)");
}

TEST(FirstToFixTest, AWarningIsLookedAtFirstAndStopsNothing) {
  // SOP, step 1, "Failure Examples": capacity, cluster_buffer: 15% (recommended 20%): PROCEED with caution.
  std::vector<GroupFindings> groups = {
      {.group = place_of("cluster-capacity").group,
       .findings = {line("cluster-capacity", Outcome::warn, false), line("database-disk", Outcome::pass, true)}}};
  EXPECT_EQ(decide(groups[0].findings), Verdict::caution);
  EXPECT_EQ(first_text(first_to_fix(groups)),
            "Look first at: Cluster capacity (cluster-capacity): 15 % (expected >= 20 %); seen");
}

TEST(TableTest, BeginsWithWhatToFixFirstAndEndsWithTheDecision) {
  const auto text = to_table(found({line("coverage", Outcome::fail, true), line("unit-tests", Outcome::pass, true)}),
                             "Decision: ❌ STOP, FIX BEFORE DEPLOYING");
  EXPECT_EQ(text,
            "Fix first: Test coverage (coverage): 15 % (expected >= 20 %); seen\n"
            "  1. Identify which gate failed (code review, tests, security)\n"
            "  2. Return to the step of feature development that owns it\n"
            "  3. Fix the issue and run the quality gates again\n"
            "  4. Run baton-precheck again once all gates pass\n"
            "\n"
            "Quality Gates\n"
            "  ❌ coverage    15 %  >= 20 %\n"
            "       seen\n"
            "  ✅ unit-tests  15 %  >= 20 %\n"
            "\n"
            "Decision: ❌ STOP, FIX BEFORE DEPLOYING\n");
}

TEST(TableTest, NeverLetsForeignTextOut) {
  auto fails = line("coverage", Outcome::fail, true);
  fails.message = "\x1b[2J::error::x\n::error::y";
  const auto text = to_table(found({fails}), "end");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\n::error"), std::string::npos);
}

TEST(RunningChecksTest, SaysWhoIsStillLooking) {
  test::EnvScene scene;
  RunningChecks running(scene.env, 3);
  EXPECT_EQ(running.text(), "");
  running.begin("coverage");
  running.begin("node-cpu");
  EXPECT_EQ(running.text(), "coverage, node-cpu (0 of 3 checks are over)");
  running.end("coverage");
  EXPECT_EQ(running.text(), "node-cpu (1 of 3 checks are over)");
}

}  // namespace
}  // namespace baton::precheck
