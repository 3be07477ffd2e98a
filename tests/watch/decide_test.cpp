// The SOP's rollback decision matrix, phase by phase.
#include "tools/watch/decide.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "common/config/sections/run.h"
#include "common/config/sections/watch.h"

namespace baton::watch {
namespace {

using judge::Look;
using judge::State;

const Time kStart = *parse_rfc3339("2026-03-01T12:00:00Z");

TEST(PhasesTest, IntensiveLastsTwoHoursAndPassiveTwentyTwo) {
  const Config config;
  const Phases phases{.start = kStart, .config = config.watch()};
  EXPECT_EQ(phases.at(kStart + 2h - 1ms), Phase::intensive);
  EXPECT_EQ(phases.at(kStart + 2h), Phase::passive);
  EXPECT_EQ(phases.at(kStart + 24h - 1ms), Phase::passive);
  EXPECT_EQ(phases.at(kStart + 24h), Phase::over);
}

TEST(PhasesTest, TheNextLookIsInTheRhythmOfItsPhaseAndNotBeyondIt) {
  const Config config;
  const Phases phases{.start = kStart, .config = config.watch()};
  EXPECT_EQ(phases.next_look(kStart), kStart + 5min);
  EXPECT_EQ(phases.next_look(kStart + 2h - 1min), kStart + 2h);
  EXPECT_EQ(phases.next_look(kStart + 3h), kStart + 4h);
  EXPECT_EQ(phases.next_look(kStart + 24h - 1min), kStart + 24h);
}

TEST(DecideTest, ACriticalBreachRollsBackOnlyWhereItIsOurs) {
  Config config;
  const Look critical{.state = State::critical};
  EXPECT_EQ(decide(critical, Phase::intensive, config), Action::roll_back);
  EXPECT_EQ(decide(critical, Phase::passive, config), Action::ask_person);
  config.watch().automatic_after_intensive = true;
  EXPECT_EQ(decide(critical, Phase::passive, config), Action::roll_back);
  config.watch().automatic_rollback = false;
  EXPECT_EQ(decide(critical, Phase::intensive, config), Action::ask_person);
}

TEST(DecideTest, ObservingNeverRollsBack) {
  Config config;
  config.run().observe = true;
  EXPECT_EQ(decide({.state = State::critical}, Phase::intensive, config), Action::ask_person);
}

TEST(DecideTest, BlindnessAndWarningsNeverRollBack) {
  const Config config;
  for (const auto state : {State::blind, State::warning, State::inconclusive, State::healthy}) {
    EXPECT_EQ(decide({.state = state}, Phase::intensive, config), Action::go_on);
    EXPECT_EQ(decide({.state = state}, Phase::over, config), Action::finish);
  }
}

/// A look at which the drop holds, alone or with others.
Look dropped(State state, const std::vector<std::string>& also = {}) {
  Look look{.state = state, .reason = "the drop"};
  look.findings = {
      {.id = "request-drop-warning", .sop = "3a.3", .title = "t", .outcome = Outcome::warn, .message = "m"}};
  look.warned = also;
  look.warned.emplace_back("request-drop-warning");
  return look;
}

judge::Memory since_the_start() {
  judge::Memory memory;
  memory.conditions["request-drop-warning"].since = kStart;
  return memory;
}

TEST(ConfirmDropTest, IsAWarningWhereTheReleaseIsWell) {
  auto look = dropped(State::warning);
  confirm_drop(look, since_the_start(), [] { return std::string(); });
  EXPECT_EQ(look.state, State::warning);
  EXPECT_EQ(look.findings.front().outcome, Outcome::warn);
  EXPECT_TRUE(look.breached.empty());
}

TEST(ConfirmDropTest, IsCriticalWhereTheReleaseShowsIt) {
  auto look = dropped(State::warning);
  confirm_drop(look, since_the_start(), [] { return std::string("smoke fails"); });
  EXPECT_EQ(look.state, State::critical);
  EXPECT_NE(look.reason.find("m, and smoke fails"), std::string::npos) << look.reason;
  EXPECT_EQ(look.breached, std::vector<std::string>{"request-drop-warning"});
  EXPECT_EQ(look.onset, kStart);
  EXPECT_TRUE(look.findings.front().critical);
}

TEST(ConfirmDropTest, MoreFailuresThanBeforeTellWithoutAskingAnybody) {
  auto look = dropped(State::warning, {"error-rate-warning"});
  confirm_drop(look, since_the_start(), []() -> std::string { throw std::logic_error("nobody is to be asked"); });
  EXPECT_EQ(look.state, State::critical);
  EXPECT_NE(look.reason.find("more of them fail"), std::string::npos) << look.reason;
}

TEST(ConfirmDropTest, WithoutADropNobodyIsAsked) {
  Look look{.state = State::warning, .warned = {"cpu-warning"}};
  confirm_drop(look, {}, []() -> std::string { throw std::logic_error("nobody is to be asked"); });
  EXPECT_EQ(look.state, State::warning);
}

Json memory_with(long long samples) {
  judge::Memory memory;
  memory.samples = samples;
  return judge::to_json(memory);
}

class WindowTest : public testing::Test {
 protected:
  judge::Session session(long long samples) const {
    return judge::Session({.config = config_}, {}, kStart, memory_with(samples));
  }
  Config config_;
  Phases phases_{.start = kStart, .config = config_.watch()};
};

TEST_F(WindowTest, CoverageUnder95PercentIsUnknown) {
  const Look healthy{.state = State::healthy};
  EXPECT_EQ(verdict_at_end(healthy, session(1), 95, /*is_in_doubt=*/false), Verdict::proceed);
  EXPECT_EQ(verdict_at_end(healthy, session(1), 94.9, /*is_in_doubt=*/false), Verdict::unknown);
}

TEST_F(WindowTest, AnythingLessThanHealthyIsCaution) {
  EXPECT_EQ(verdict_at_end({.state = State::warning}, session(1), 100, /*is_in_doubt=*/false), Verdict::caution);
  EXPECT_EQ(verdict_at_end({.state = State::inconclusive}, session(1), 100, /*is_in_doubt=*/false), Verdict::caution);
}

TEST_F(WindowTest, WhatThePodsWarnedOfIsCaution) {
  Look look{.state = State::healthy};
  look.findings = {{.id = "pods-ready", .sop = "3", .title = "t", .outcome = Outcome::warn}};
  EXPECT_EQ(verdict_at_end(look, session(1), 100, /*is_in_doubt=*/false), Verdict::caution);
}

TEST_F(WindowTest, AWarningThatNobodyDecidedOnIsCaution) {
  const Look healthy{.state = State::healthy};
  EXPECT_EQ(verdict_at_end(healthy, session(1), 100, /*is_in_doubt=*/true), Verdict::caution);
  EXPECT_EQ(verdict_at_end(healthy, session(1), 94.9, /*is_in_doubt=*/true), Verdict::unknown);
}

TEST_F(WindowTest, ACriticalRuleThatCouldNeverBeJudgedIsUnknown) {
  Look look{.state = State::healthy};
  look.findings.push_back(
      {.id = "cpu-critical", .sop = {}, .title = {}, .critical = true, .outcome = Outcome::unknown});
  EXPECT_EQ(verdict_at_end(look, session(1), 100, /*is_in_doubt=*/false), Verdict::unknown);
}

TEST_F(WindowTest, ACriticalRuleThatOnlyWarnsLeavesNothingBetterThanCaution) {
  Look look{.state = State::healthy};
  look.findings.push_back(
      {.id = "cpu-critical", .sop = {}, .title = {}, .critical = true, .outcome = Outcome::skipped});
  EXPECT_EQ(verdict_at_end(look, session(1), 100, /*is_in_doubt=*/false), Verdict::caution);
  look.findings.back().settled = true;
  EXPECT_EQ(verdict_at_end(look, session(1), 100, /*is_in_doubt=*/false), Verdict::proceed)
      << "somebody decided that it does not apply";
}

// 24 hours at 15 s are 5,761 points; 288 of them are 5 %.
TEST_F(WindowTest, KnowsWhen95PercentAreOutOfReach) {
  const auto at = kStart + 12h;
  EXPECT_TRUE(can_reach_coverage(session(2881 - 288), phases_, config_.watch().step, at));
  EXPECT_FALSE(can_reach_coverage(session(2881 - 300), phases_, config_.watch().step, at));
}

}  // namespace
}  // namespace baton::watch
