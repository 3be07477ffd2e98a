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
  Result result{.verdict = Verdict::rolled_back, .message = "'shop' serves"};
  std::vector<std::string> evidence = {"pods.json"};
};

TEST_F(AnalysisTest, SaysWhatHappenedAndWhoDecided) {
  request.onset = parse_rfc3339("2025-11-04T14:20:00Z");
  const auto all = text();
  EXPECT_TRUE(all.starts_with("# Post-Rollback Analysis: v1.6.0\n")) << all;
  const auto happened = section("What happened");
  for (const auto* line : {"- Release: v1.6.0\n", "- Image: sha256:abc\n", "- Reason: error rate 8 %\n",
                           "- Rolled back by: baton-watch\n", "- Result: 'shop' serves ✅\n",
                           "- Breach seen first: 2025-11-04T14:20:00", "- Traffic was switched: 2025-11-04T14:15:00"})
    EXPECT_TRUE(says(happened, line));
}

TEST_F(AnalysisTest, SaysOnlyWhatIsKnown) {
  move.patched_at.reset();
  const auto happened = section("What happened");
  EXPECT_FALSE(says(happened, "Breach"));
  EXPECT_FALSE(says(happened, "switched"));
}

TEST_F(AnalysisTest, MarksARollbackThatFailed) {
  result = {.verdict = Verdict::rollback_failed, .message = "'shop-green' may still serve"};
  EXPECT_TRUE(says(section("What happened"), "- Result: 'shop-green' may still serve ❌\n"));
}

TEST_F(AnalysisTest, WhatBrokeStandsFirstAndWhatWasInOrderIsCounted) {
  const auto finding = [](const char* title, Outcome outcome) {
    return Finding{.id = {}, .sop = {}, .title = title, .outcome = outcome, .message = "seen"};
  };
  request.findings = {finding("Smoke", Outcome::pass), finding("CPU", Outcome::warn), finding("Pods", Outcome::pass),
                      finding("Error rate", Outcome::fail), finding("Memory", Outcome::skipped)};
  EXPECT_EQ(section("Symptoms"), "- Error rate: seen ❌\n- CPU: seen ⚠️\n- 2 other findings in order ✅\n");
}

TEST_F(AnalysisTest, ASecondOneIsAddedBelowTheFirst) {
  request.by = "jo";
  request.reason = "asked again";
  EXPECT_EQ(asked_again(request, result, clock.now()),
            "\n## Asked again at 2026-03-01T12:00:00Z\n- By: jo\n- Reason: asked again\n- Result: 'shop' serves "
            "✅\n");
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
