// Warnings as looks show them: when one begins, ends, and must have been decided on.
#include "tools/watch/warning.h"

#include <gtest/gtest.h>

#include "common/judge/rules.h"
#include "common/judge/verdict.h"
#include "tests/common/judge/points.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;
using judge::test::followed_by;
using judge::test::Seen;
using judge::test::time_of_point;

const Seen kQuiet{};
const Seen kFailing{.errors = 3};
constexpr std::size_t kFiveMinutes = 21;  // the samples of `for: 5m`

const Time kNoticed = *parse_rfc3339("2026-03-01T12:10:00Z");

class WarningTest : public testing::Test {
 protected:
  std::vector<Warning> after(const std::vector<Seen>& seen, std::vector<Warning> known = {}, Time now = kNoticed) {
    memory_ = judge::test::remembered(criteria_, seen);
    return after_look(std::move(known), memory_, judge::conclude(criteria_, {}, memory_), now);
  }
  static std::vector<Seen> failing_for(std::size_t samples) { return followed_by({10, kQuiet}, samples, kFailing); }

  Config config_;
  judge::Criteria criteria_{.config = config_, .baseline = judge::test::baseline()};
  judge::Memory memory_;
};

TEST_F(WarningTest, BeginsWhenItsRuleHasHeldForAsLongAsItMust) {
  EXPECT_TRUE(after(failing_for(kFiveMinutes - 1)).empty());
  const auto warnings = after(failing_for(kFiveMinutes));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].rule, "error-rate-warning");
  EXPECT_EQ(warnings[0].since, time_of_point(10));
  EXPECT_EQ(warnings[0].noticed, kNoticed);
  EXPECT_EQ(warnings[0].seen, "Error rate: 3 %, expected <= 1.5 % (baseline +1pp)");
  EXPECT_FALSE(warnings[0].until);
}

TEST_F(WarningTest, EndsWithItsFirstSampleWithinTheLimit) {
  const auto held = after(failing_for(kFiveMinutes));
  const auto warnings = after(followed_by(failing_for(kFiveMinutes), 2, kQuiet), held, kNoticed + 15s);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].until, memory_.breaches.at(0).to);
  EXPECT_EQ(warnings[0].noticed, kNoticed);
  EXPECT_EQ(warnings[0].seen, "Error rate: at worst 3 %, expected <= 1.5 % (baseline +1pp)");
}

TEST_F(WarningTest, AGapEndsNone) {
  const auto held = after(failing_for(kFiveMinutes));
  const auto warnings = after(followed_by(failing_for(kFiveMinutes), 4, {.is_gap = true}), held);
  EXPECT_EQ(warnings, held);
}

TEST_F(WarningTest, OneThatIsFoundInAGapIsShownAtItsWorst) {
  const auto warnings = after(followed_by(failing_for(kFiveMinutes), 4, {.is_gap = true}));
  EXPECT_EQ(warnings.at(0).seen, "Error rate: at worst 3 %, expected <= 1.5 % (baseline +1pp)");
}

TEST_F(WarningTest, NorDoesALookThatSawNothing) {
  const auto held = after(failing_for(kFiveMinutes));
  EXPECT_EQ(after_look(held, {}, {.state = judge::State::blind}, kNoticed + 1h), held);
}

TEST_F(WarningTest, OneThatIsOverBeforeAnybodyLookedIsKnownAllTheSame) {
  const auto warnings = after(followed_by(failing_for(kFiveMinutes), 10, kQuiet));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(warnings[0].until);
}

TEST_F(WarningTest, KeepsItsNameWhereTheStoreShowsItsBeginningElsewhere) {
  auto held = after(failing_for(kFiveMinutes));
  held[0].since -= 15s;
  const auto warnings = after(failing_for(kFiveMinutes + 1), held, kNoticed + 15s);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].since, held[0].since);
}

TEST_F(WarningTest, TheNextOneOfARuleIsAnother) {
  const auto first = after(followed_by(failing_for(kFiveMinutes), 2, kQuiet));
  const auto again = followed_by(followed_by(failing_for(kFiveMinutes), 10, kQuiet), kFiveMinutes, kFailing);
  const auto warnings = after(again, first, kNoticed + 1h);
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_FALSE(warnings[1].until);
  EXPECT_EQ(warnings[1].noticed, kNoticed + 1h);
}

TEST_F(WarningTest, OneThatTheStoreShowsNoMoreIsOver) {
  const auto held = after(failing_for(kFiveMinutes));
  const auto warnings = after(std::vector<Seen>(40, kQuiet), held);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].until, time_of_point(39));
}

TEST_F(WarningTest, ACriticalRuleIsNone) {
  for (const auto& warning : after(followed_by({10, kQuiet}, kFiveMinutes, {.errors = 30})))
    EXPECT_EQ(warning.rule, "error-rate-warning");
}

TEST(DecisionTest, TheMatrixSaysHowLongAPersonHas) {
  EXPECT_EQ(decision_time("error-rate-warning"), 10min);
  EXPECT_EQ(decision_time("latency-p95-warning"), 15min);
  EXPECT_EQ(decision_time("cpu-warning"), 30min);
  EXPECT_EQ(decision_time("memory-warning"), 30min);
}

const Warning kHolding{.rule = "error-rate-warning", .since = kNoticed - 5min, .noticed = kNoticed};

TEST(DecisionTest, NobodyDecidedOnceTheDeadlineIsReached) {
  const Time deadline = kNoticed + 10min;
  EXPECT_FALSE(kHolding.is_undecided(deadline - 1ms));
  EXPECT_EQ(decision_text(kHolding, deadline - 1ms), "to be decided by 2026-03-01T12:20:00Z");
  EXPECT_TRUE(kHolding.is_undecided(deadline));
  EXPECT_EQ(decision_text(kHolding, deadline), "nobody decided by 2026-03-01T12:20:00Z");
}

TEST(DecisionTest, WhatWasOverBeforeNeededNone) {
  auto over = kHolding;
  over.until = kNoticed + 10min - 1ms;
  EXPECT_FALSE(over.is_undecided(kNoticed + 1h));
  EXPECT_EQ(decision_text(over, kNoticed + 1h), "");
  over.until = kNoticed + 10min;
  EXPECT_TRUE(over.is_undecided(kNoticed + 1h));
}

TEST(DecisionTest, AnAcceptanceCountsUntilTheDeadline) {
  auto accepted = kHolding;
  accepted.accepted_by = "jo";
  accepted.accepted_at = kNoticed + 10min;
  EXPECT_FALSE(accepted.is_undecided(kNoticed + 1h));
  EXPECT_EQ(decision_text(accepted, kNoticed + 1h), "accepted by jo at 2026-03-01T12:20:00Z");
  *accepted.accepted_at += 1ms;
  EXPECT_TRUE(accepted.is_undecided(kNoticed + 1h));
  EXPECT_EQ(decision_text(accepted, kNoticed + 1h),
            "nobody decided by 2026-03-01T12:20:00Z, accepted by jo at 2026-03-01T12:20:00.001Z");
}

TEST(DecisionTest, StandsInTheRulesFinding) {
  auto earlier = kHolding;
  earlier.since -= 1h;
  earlier.accepted_by = "kim";
  earlier.accepted_at = kNoticed - 1h;
  std::vector<Finding> findings = {{.id = "error-rate-warning", .sop = {}, .title = {}, .message = "3 % since …"},
                                   {.id = "cpu-warning", .sop = {}, .title = {}, .message = "quiet"}};
  add_decisions(findings, {earlier, kHolding}, kNoticed);
  EXPECT_EQ(findings[0].message, "3 % since …; to be decided by 2026-03-01T12:20:00Z");
  EXPECT_EQ(findings[1].message, "quiet");
}

TEST(WarningJsonTest, ComesBackAsItWent) {
  auto warning = kHolding;
  warning.seen = "Error rate: 3 %";
  EXPECT_EQ(warning_from(to_json(warning)), warning);
  warning.until = kNoticed;
  warning.accepted_by = "jo";
  warning.accepted_at = kNoticed;
  EXPECT_EQ(warning_from(to_json(warning)), warning);
  EXPECT_FALSE(warning_from(Json::object({{"rule", "x"}, {"since", "yesterday"}})));
}

}  // namespace
}  // namespace baton::watch
