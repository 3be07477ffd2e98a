// Findings: how outcomes become a verdict, and a verdict an exit code.
#include "common/core/finding.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/support/refusal.h"

namespace baton {
namespace {

Finding finding(bool critical, Outcome outcome) {
  return {.id = "nodes-ready", .sop = "1.2", .title = "Nodes are ready", .critical = critical, .outcome = outcome};
}

TEST(FindingTest, ACriticalFailureStops) {
  const std::vector findings = {finding(true, Outcome::pass), finding(true, Outcome::unknown),
                                finding(true, Outcome::fail)};
  EXPECT_EQ(decide(findings), Verdict::stop);
}

TEST(FindingTest, ACriticalUnknownIsNotAPass) {
  const std::vector findings = {finding(true, Outcome::pass), finding(true, Outcome::unknown)};
  EXPECT_EQ(decide(findings), Verdict::unknown);
}

TEST(FindingTest, NothingLookedAtIsUnknown) {
  EXPECT_EQ(decide({}), Verdict::unknown);
  EXPECT_EQ(decide(std::vector{finding(true, Outcome::skipped)}), Verdict::unknown);
  EXPECT_EQ(decide(std::vector{finding(false, Outcome::pass)}), Verdict::unknown);
}

TEST(FindingTest, WhatIsNotCriticalOnlyCautions) {
  for (const auto outcome : {Outcome::warn, Outcome::fail, Outcome::unknown}) {
    EXPECT_EQ(decide(std::vector{finding(true, Outcome::pass), finding(false, outcome)}), Verdict::caution)
        << outcome_name(outcome);
  }
}

TEST(FindingTest, ACriticalWarningCautions) {
  EXPECT_EQ(decide(std::vector{finding(true, Outcome::warn)}), Verdict::caution);
}

Finding settled(bool critical) {
  Finding skipped = finding(critical, Outcome::skipped);
  skipped.settled = true;
  return skipped;
}

TEST(FindingTest, PassesAndWhatWasSettledProceed) {
  const std::vector findings = {finding(true, Outcome::pass), finding(false, Outcome::pass), settled(false),
                                settled(true)};
  EXPECT_EQ(decide(findings), Verdict::proceed);
}

TEST(FindingTest, WhatWasLeftOutIsNeverClean) {
  for (const bool critical : {true, false}) {
    EXPECT_EQ(decide(std::vector{finding(true, Outcome::pass), finding(critical, Outcome::skipped)}), Verdict::caution);
  }
  EXPECT_EQ(decide(std::vector{settled(true), settled(false)}), Verdict::unknown) << "nobody looked at anything";
}

TEST(FindingTest, EveryPairOfOutcomesProceedsOnlyWhenBothPassedOrAreSettled) {
  constexpr std::array kAll = {Outcome::pass, Outcome::warn, Outcome::fail, Outcome::unknown, Outcome::skipped};
  for (const auto one : kAll) {
    for (const auto other : kAll) {
      for (const bool critical : {true, false}) {
        const std::vector findings = {finding(true, Outcome::pass), finding(critical, one), finding(true, other)};
        const bool is_clean = one == Outcome::pass && other == Outcome::pass;
        EXPECT_EQ(decide(findings) == Verdict::proceed, is_clean) << outcome_name(one) << " " << outcome_name(other);
      }
    }
  }
}

TEST(FindingTest, VerdictsHaveTheContractsNamesAndCodes) {
  const std::tuple<Verdict, const char*, int> expected[] = {
      {Verdict::proceed, "proceed", 0},
      {Verdict::caution, "caution", 0},
      {Verdict::stop, "stop", 3},
      {Verdict::unknown, "unknown", 6},
      {Verdict::rolled_back, "rolled-back", 4},
      {Verdict::rollback_failed, "rollback-failed", 5},
      {Verdict::again, "again", 75},
      {Verdict::superseded, "superseded", 0},
  };
  for (const auto& [verdict, name, code] : expected) {
    EXPECT_EQ(verdict_name(verdict), name);
    EXPECT_EQ(verdict_from(name), verdict);
    EXPECT_EQ(static_cast<int>(exit_code(verdict)), code) << name;
  }
}

TEST(FindingTest, AWordThatIsNoVerdictIsABrokenHandoff) {
  EXPECT_EQ(test::error_of([] { return verdict_from("Proceed"); }).code(), ExitCode::handoff);
}

TEST(FindingTest, MarksAreTheSopsAndOneForUnknown) {
  EXPECT_EQ(outcome_mark(Outcome::pass), "✅");
  EXPECT_EQ(outcome_mark(Outcome::warn), "⚠️");
  EXPECT_EQ(outcome_mark(Outcome::fail), "❌");
  EXPECT_EQ(outcome_mark(Outcome::unknown), "❔");
}

TEST(FindingTest, ComesBackFromJsonAsItWas) {
  Finding written = finding(true, Outcome::fail);
  written.observed = Measured(45, "%");
  written.expected = Expected("<", Measured(70, "%"));
  written.message = "node-1: 45 % \"quoted\"";
  written.files = {"a", "b"};
  written.query = "up";
  written.log = {"panic: no database"};
  written.duration_ms = 12;
  const Finding read = finding_from_json(parse_json(to_text(to_json(written)), "handoff"));
  EXPECT_EQ(to_json(read), to_json(written));
  EXPECT_EQ(to_json(written)["duration_ms"].string(), "12") << "measured values are decimal strings";
}

TEST(FindingTest, AMissingOrMistypedMemberIsABrokenHandoff) {
  const Json whole = to_json(finding(true, Outcome::pass));
  for (const auto& [key, value] : whole.members()) {
    Json without = whole;
    without.erase(key);
    EXPECT_THROW(finding_from_json(without), Error) << key;
    Json mistyped = whole;
    mistyped[key] = 7;
    EXPECT_THROW(finding_from_json(mistyped), Error) << key;
  }
  EXPECT_THROW(finding_from_json(Json::array()), Error);
}

TEST(FindingTest, ADurationThatIsNoNumberIsRefused) {
  Json json = to_json(finding(true, Outcome::pass));
  for (const char* text : {"", "1.5", "12ms", "99999999999999999999"}) {
    json["duration_ms"] = text;
    EXPECT_THROW(finding_from_json(json), Error) << text;
  }
}

}  // namespace
}  // namespace baton
