// The analysis that a person goes on with: every line says something.
#include "common/rollback/analysis.h"

#include <gtest/gtest.h>

#include "common/clients/kube/client.h"
#include "common/core/text.h"
#include "common/io/http/client.h"
#include "tests/support/refusal.h"
#include "tests/support/sample_move.h"

namespace baton::rollback {
namespace {

using test::says;

/// A rollback that asks nobody: the analysis is made of values.
class AnalysisTest : public testing::Test {
 protected:
  std::string text() const { return to_markdown(analysis(request, result, evidence)); }
  /// The lines below a heading, up to the next one.
  std::string section(const std::string& heading) const {
    const auto all = text();
    const auto begin = all.find("\n## " + heading);
    if (begin == std::string::npos) return "";
    const auto from = all.find('\n', begin + 1) + 1;
    return all.substr(from, all.find("\n## ", from) - from);
  }

  rollout::Move move = test::sample_move();
  Environment environment;
  Config config;
  ManualClock clock{*parse_rfc3339("2026-03-01T12:00:00Z")};
  HttpClient http{{}, environment, clock};
  kube::Client kube{{.server = "http://127.0.0.1:9"}, environment, clock};
  rollout::Context context{
      .kube = kube, .config = config, .clock = clock, .http = http, .stop = {}, .app = "shop", .id = "id-1", .say = {}};
  Request request{.context = context,
                  .move = move,
                  .reason = "error rate 8 %",
                  .by = "baton-watch",
                  .findings = {},
                  .folder = "unused"};
  Result result{.verdict = Verdict::rolled_back, .message = "rolled back, 'shop' serves again"};
  std::vector<std::string> evidence = {"pods.json"};
};

TEST_F(AnalysisTest, BeginsWithWhatBrokeSinceWhenUntilWhenAndForHowMany) {
  const auto at = [](const char* text) { return *parse_rfc3339(text); };
  result.course = {.began = at("2025-11-04T14:20:00Z"),
                   .found = at("2025-11-04T14:20:30Z"),
                   .back = at("2025-11-04T14:20:32Z"),
                   .affected = Affected{.counts = {.errors = 123, .requests = 4567},
                                        .from = at("2025-11-04T14:15:00Z"),
                                        .to = at("2025-11-04T14:21:00Z")}};
  EXPECT_TRUE(text().starts_with(
      "# Post-Rollback Analysis: v1.6.0\n\n## What broke\n- error rate 8 %\n- Result: rolled back, 'shop' serves "
      "again ✅\n- It began: 2025-11-04T14:20:00Z\n- It was found: 2025-11-04T14:20:30Z, 30 s after it began\n"
      "- Traffic was back: 2025-11-04T14:20:32Z, 2 s after it was found (target: under 5m) ✅\n- Failed requests of "
      "users: 123 of the 4567 that the bad version answered from 2025-11-04T14:15:00Z to 2025-11-04T14:21:00Z\n"))
      << text();
}

TEST_F(AnalysisTest, SaysWhatIsNotKnown) {
  EXPECT_TRUE(says(section("What broke"),
                   "- It began: not known\n- It was found: not known\n- Traffic was back: no ❌\n- Failed requests of "
                   "users: not known ❔\n"));
}

TEST_F(AnalysisTest, APersonFindsNothingButAsks) {
  request.by = "jo";
  result.course = {.found = clock.now(), .back = clock.now() + std::chrono::seconds(2)};
  EXPECT_TRUE(says(section("What broke"),
                   "- The rollback was asked for: 2026-03-01T12:00:00Z\n- Traffic was back: "
                   "2026-03-01T12:00:02Z, 2 s after it was asked for"));
}

class TargetTest : public AnalysisTest, public testing::WithParamInterface<std::pair<int, const char*>> {};

TEST_P(TargetTest, OfTheSopIsUnderFiveMinutes) {
  const auto& [milliseconds, mark] = GetParam();
  result.course = {.found = clock.now(), .back = clock.now() + Duration(milliseconds)};
  EXPECT_TRUE(says(section("What broke"), fmt::format("(target: under 5m) {}\n", mark)));
}

INSTANTIATE_TEST_SUITE_P(Boundary, TargetTest, testing::Values(std::pair(299'999, "✅"), std::pair(300'000, "⚠️")));

TEST_F(AnalysisTest, NamesTheDeployment) {
  for (const auto* line :
       {"- Application: shop\n", "- Version: v1.6.0\n", "- Environment: production\n", "- Deployment: id-1\n",
        "- Image: sha256:abc\n", "- Rolled back by: baton-watch\n", "- Traffic was switched: 2025-11-04T14:15:00"})
    EXPECT_TRUE(says(section("Deployment"), line));
  move.patched_at.reset();
  EXPECT_FALSE(says(section("Deployment"), "switched"));
}

TEST_F(AnalysisTest, OfAFailedRollbackTheNextLinesToTypeAreNamed) {
  result = {.verdict = Verdict::rollback_failed,
            .message = "NOT ROLLED BACK, 'shop-green' serves v1.6.0: forbidden",
            .recovery = {"kubectl -n production get endpoints shop"}};
  EXPECT_TRUE(says(section("What broke"), "- Result: NOT ROLLED BACK, 'shop-green' serves v1.6.0: forbidden ❌\n"));
  EXPECT_TRUE(section("To do").starts_with("- kubectl -n production get endpoints shop\n- Find the root cause"))
      << section("To do");
  EXPECT_FALSE(says(section("To do"), "is refused")) << "it may not be: that follows a good one";
}

TEST_F(AnalysisTest, WhatBrokeStandsFirstAndWhatWasInOrderIsCounted) {
  const auto finding = [](const char* title, Outcome outcome) {
    return Finding{.id = {}, .sop = {}, .title = title, .outcome = outcome, .message = "seen"};
  };
  request.findings = {finding("Smoke", Outcome::pass), finding("CPU", Outcome::warn), finding("Pods", Outcome::pass),
                      finding("Error rate", Outcome::fail), finding("Memory", Outcome::skipped)};
  EXPECT_EQ(section("Symptoms"),
            "- Error rate: seen ❌\n- CPU: seen ⚠️\n- 2 other findings in order ✅\n- 1 other finding left out "
            "⏭️\n");
}

TEST_F(AnalysisTest, ASecondOneIsAddedBelowTheFirst) {
  request.by = "jo";
  request.reason = "asked again";
  EXPECT_TRUE(asked_again(request, result, clock.now())
                  .starts_with("\n## Asked again at 2026-03-01T12:00:00Z\n- By: jo\n- Reason: asked again\n- Result: "
                               "rolled back, 'shop' serves again ✅\n- It began: not known\n"));
}

struct Worded {
  std::string name;
  Finding finding;
  std::vector<std::string> parts;
};

class SymptomTest : public AnalysisTest, public testing::WithParamInterface<Worded> {};

TEST_P(SymptomTest, IsWordedByWhatItHas) {
  request.findings = {GetParam().finding};
  result.findings = {GetParam().finding};
  for (const auto* heading : {"Symptoms", "Rollback"}) {
    if (std::string(heading) == "Symptoms" && GetParam().finding.outcome == Outcome::pass) continue;
    const auto lines = section(heading);
    for (const auto& part : GetParam().parts) EXPECT_TRUE(says(lines, part));
    for (const auto* empty : {"(expected )", "  ", ": \n", " \n"}) EXPECT_FALSE(says(lines, empty));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SymptomTest,
    testing::Values(Worded{"Whole",
                           {.title = "Error rate",
                            .outcome = Outcome::fail,
                            .observed = Measured(8.2, "%"),
                            .expected = Expected("<=", Measured(5.5, "%")),
                            .message = "for 2m"},
                           {"Error rate", "8.2 %", "<= 5.5 %", "for 2m", "❌"}},
                    Worded{"WithoutAMessage",
                           {.title = "P95 latency",
                            .outcome = Outcome::fail,
                            .observed = Measured(230, "ms"),
                            .expected = Expected("<=", Measured(185, "ms"))},
                           {"P95 latency", "230 ms", "<= 185 ms", "❌"}},
                    Worded{"WithoutAUnit",
                           {.title = "Endpoints", .outcome = Outcome::fail, .observed = "1/2", .expected = "2/2"},
                           {"Endpoints", "1/2", "2/2"}},
                    Worded{"WithoutALimit",
                           {.title = "Last old answer", .outcome = Outcome::pass, .observed = Measured(12, "ms")},
                           {"Last old answer", "12 ms"}},
                    Worded{
                        "AMessageAlone",
                        {.title = "CPU", .outcome = Outcome::unknown, .message = "no sample from the pods' containers"},
                        {"CPU", "no sample from the pods' containers", "❔"}},
                    Worded{"ATitleAlone", {.title = "Drained", .outcome = Outcome::pass}, {"- Drained ✅\n"}}),
    [](const auto& each) { return each.param.name; });

TEST_F(AnalysisTest, ListsTimesAndEvidence) {
  result.times = Json::object({{"patch_ms", 12}, {"drained_ms", "340"}});
  evidence = {"pods.json", "events.json"};
  EXPECT_EQ(section("Times"), "- patch: 12 ms\n- drained: 340 ms\n");
  EXPECT_EQ(section("Evidence"), "- pods.json\n- events.json\n");
  evidence.clear();
  EXPECT_EQ(section("Evidence"), "- none could be taken ❔\n");
}

TEST_F(AnalysisTest, LeavesOutASectionThatHasNothingToSay) {
  for (const auto* heading : {"## Symptoms", "## Rollback", "## Times"}) EXPECT_FALSE(says(text(), heading));
}

TEST_F(AnalysisTest, LeavesTheRootCauseToAPerson) {
  EXPECT_TRUE(says(section("To do"), "- Find the root cause"));
  EXPECT_TRUE(says(section("To do"), "this digest is refused from now on"));
}

}  // namespace
}  // namespace baton::rollback
