// The document: what it says, how it is written, and what is none.
#include "common/judge/calibration.h"

#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"
#include "tests/support/refusal.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;

Calibration sample() {
  const Time begin = *parse_rfc3339("2026-02-15T12:00:00Z");
  return {
      .app = "shop",
      .namespace_ = "production",
      .from = begin,
      .to = begin + 28h,
      .made_at = begin + 29h,
      .window = 2h,
      .windows = 14,
      .unknown = {{.from = begin, .why = "no baseline of error_rate: no such series"}},
      .rules =
          {{.rule = "error-rate-critical",
            .is_critical = true,
            .windows = 13,
            .breaches = {{.rule = "error-rate-critical", .from = begin + 3h, .to = begin + 3h + 2min, .worst = 8.25}}}},
      .detections = {{.metric = "error_rate",
                      .is_critical = true,
                      .windows = 12,
                      .found = {{"+5 points", 0}, {"+6 points", 12}}}},
      .limits = limits_of(Config{})};
}

std::string text() { return to_text(to_json(sample())); }

TEST(Calibration, IsReadAsItWasWritten) {
  const auto again = calibration_from_text(text(), "calibration.json");
  EXPECT_EQ(to_text(to_json(again)), text());
  EXPECT_EQ(again.judged(), 13U);
  EXPECT_EQ(again.rules.front().breaches.front().worst, 8.25);
}

TEST(Calibration, WhatIsFoundInNineOfTenWindowsIsFound) {
  const auto smallest = [](long long five, long long six, long long windows = 30) {
    const Detection detection{.windows = windows, .found = {{"+5 points", five}, {"+6 points", six}}};
    return detection.smallest() == nullptr ? "none" : detection.smallest()->regression;
  };
  EXPECT_EQ(smallest(27, 30), "+5 points");
  EXPECT_EQ(smallest(26, 27), "+6 points");
  EXPECT_EQ(smallest(0, 26), "none");
  EXPECT_EQ(smallest(0, 0, 0), "none") << "0 of 0";
}

TEST(Calibration, AWindowIsRolledBackOnceWhicheverRulesAreBreached) {
  auto made = sample();
  EXPECT_EQ(made.rolled_back().breaches.size(), 1U);
  EXPECT_EQ(made.rolled_back().windows, 13);
  const auto breach_at = [&](std::string rule, Duration after) {
    return RuleTally{.rule = rule, .is_critical = true, .breaches = {{.rule = rule, .from = made.from + after}}};
  };
  made.rules.push_back(breach_at("cpu-critical", 2h));
  EXPECT_EQ(made.rolled_back().breaches.size(), 1U) << "the same window";
  EXPECT_EQ(made.rolled_back().breaches[0].rule, "cpu-critical") << "who came first";
  made.rules.push_back(breach_at("memory-critical", 0h));
  EXPECT_EQ(made.rolled_back().breaches.size(), 2U);
  EXPECT_EQ(made.rolled_back().windows, 14) << "a window that is unknown but for its breach";
  made.rules.push_back({.rule = "cpu-warning", .breaches = {{.from = made.from + 8h}}});
  EXPECT_EQ(made.rolled_back().breaches.size(), 2U) << "warnings roll nothing back";
}

TEST(Calibration, EveryLimitThatChangedIsNamed) {
  Config config;
  EXPECT_TRUE(changes(sample(), config).empty());
  config.watch().limits.at("cpu").warn->value = 70;
  config.rollout().soak = 6min;
  config.watch().intensive.every = 1min;  // a report's rhythm decides nothing
  EXPECT_EQ(changes(sample(), config),
            (std::vector<std::string>{"switch.soak was 5m, is 6m", "watch.limits.cpu.warn was 80%, is 70%"}));
  auto older = sample();
  older.limits.erase("watch.step");
  EXPECT_EQ(changes(older, Config{}), std::vector<std::string>{"watch.step was not given, is 15s"});
}

struct Change {
  const char* from;
  const char* to;
  const char* why;
};

TEST(Calibration, AMalformedFileIsRefusedWithAReason) {
  const Change changes[] = {
      {"urn:baton:calibration:v1", "urn:baton:calibration:v2", "its kind is not"},
      {R"("app":"shop")", R"("app":1)", "expected a string"},
      {R"("window":"2h")", R"("window":"0s")", "no length"},
      {R"("from":"2026-02-15T12:00:00Z")", R"("from":"yesterday")", "'yesterday' is no time"},
      {R"("windows":14)", R"("windows":12)", "too few of its windows"},
      {R"("windows":14)", R"("windows":-1)", "-1 windows cannot be"},
      {R"("critical":true,"windows":13)", R"("critical":true,"windows":15)", "15 windows cannot be: there are 14"},
      {R"("critical":true,"windows":13)", R"("critical":true,"windows":0)", "more windows were breached than judged"},
      {R"("worst":"8.25")", R"("worst":"eight")", "no decimal number"},
      {R"("windows":12})", R"("windows":13})", "13 windows cannot be: there are 12"},
      {R"("limits":{)", R"("limits":{"x":1,)", "expected a string"},
  };
  for (const auto& [from, to, why] : changes) {
    const auto broken = replace_all(text(), from, to);
    ASSERT_NE(broken, text()) << from;
    const auto error = test::error_of([&] { calibration_from_text(broken, "c.json"); });
    EXPECT_EQ(error.code(), ExitCode::unknown) << to;
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("'c.json'"), std::string::npos) << error.what();
    EXPECT_EQ(error.hint(), "Make it again with baton-watch calibrate.");
  }
  for (const std::string_view other : {"", "[]", "null", "{}", "{"})
    EXPECT_EQ(test::error_of([&] { calibration_from_text(other, "c.json"); }).code(), ExitCode::unknown) << other;
}

}  // namespace
}  // namespace baton::judge
