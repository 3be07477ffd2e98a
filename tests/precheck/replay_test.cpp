// Old evidence, judged by new limits.
#include "tools/precheck/replay.h"

#include <gtest/gtest.h>

#include "common/handoff/handoff.h"
#include "tests/precheck/scene.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

Finding coverage(double percent, Outcome outcome, double limit = 80) {
  return {.id = "coverage",
          .sop = "1.1",
          .title = "Test coverage",
          .critical = true,
          .outcome = outcome,
          .observed = Measured(percent, "%"),
          .expected = Expected(">=", Measured(limit, "%"))};
}

Outcome rejudged(const Finding& old, double limit) {
  EnvScene scene("precheck: {quality: {coverage: {min: " + std::to_string(limit) + "}}}");
  return rejudge(old, scene.env.config).finding.outcome;
}

TEST(RejudgeTest, ANumberIsHeldAgainstTheNewLimit) {
  EXPECT_EQ(rejudged(coverage(87, Outcome::pass), 87), Outcome::pass);
  EXPECT_EQ(rejudged(coverage(87, Outcome::pass), 87.5), Outcome::fail);
  EXPECT_EQ(rejudged(coverage(75, Outcome::fail), 75), Outcome::pass);
  EXPECT_EQ(rejudged(coverage(75, Outcome::fail), 76), Outcome::fail);
}

TEST(RejudgeTest, WhatDidNotFailByItsNumberKeepsItsOutcome) {
  EXPECT_EQ(rejudged(coverage(87, Outcome::fail), 50), Outcome::fail)
      << "87 % of 80 % was enough: something else failed";
  EXPECT_EQ(rejudged(coverage(87, Outcome::unknown), 50), Outcome::unknown);
  EXPECT_EQ(rejudged(coverage(87, Outcome::skipped), 50), Outcome::skipped);
}

TEST(RejudgeTest, WhatIsNoNumberKeepsItsOutcomeAndSaysSo) {
  const EnvScene scene;
  auto text = coverage(0, Outcome::pass);
  text.observed = "many";
  EXPECT_EQ(rejudge(text, scene.env.config).finding.outcome, Outcome::pass);
  EXPECT_FALSE(rejudge(text, scene.env.config).note.empty());
  auto other_unit = coverage(90, Outcome::pass);
  other_unit.observed = Measured(90, "ms");
  EXPECT_FALSE(rejudge(other_unit, scene.env.config).note.empty());
  auto gone = coverage(90, Outcome::pass);
  gone.id = "of-another-version";
  EXPECT_EQ(rejudge(gone, scene.env.config).note, "no check of this version");
}

/// A file that a run left, with these findings.
fs::path left_by(EnvScene& scene, std::vector<Finding> findings, const std::string& step = "precheck") {
  const Handoff handoff{.step = step,
                        .subject = {.name = "shop:v1.6.0", .sha256 = {}},
                        .release = scene.env.release,
                        .verdict = decide(findings),
                        .findings = std::move(findings),
                        .started_at = scene.clock.now(),
                        .finished_at = scene.clock.now()};
  const auto path = scene.folder.path() / "old.json";
  write_file(path, to_bytes(handoff));
  return path;
}

TEST(ReplayVerb, ShowsWhatChangesAndEndsAsARunWould) {
  EnvScene scene("precheck: {quality: {coverage: {min: 90}}}");
  const auto path = left_by(scene, {coverage(87, Outcome::pass)});
  const auto result = replay({.arguments = {path.string()}}, scene.env);
  EXPECT_EQ(result.verdict, Verdict::stop);
  EXPECT_NE(result.summary.find("* coverage               ✅ → ❌  87 %  was >= 80 %, is >= 90 %\n"), std::string::npos)
      << result.summary;
  EXPECT_NE(result.summary.find("was proceed, is stop\n"), std::string::npos);
  EXPECT_EQ(result.record["checks"].items().at(0)["outcome"].string(), "fail");
  EXPECT_TRUE(fs::is_empty(scene.env.dir)) << "nothing is written";
  EnvScene same;
  EXPECT_EQ(replay({.arguments = {left_by(same, {coverage(87, Outcome::pass)}).string()}}, same.env).verdict,
            Verdict::proceed);
  EnvScene empty;
  EXPECT_EQ(replay({.arguments = {left_by(empty, {}).string()}}, empty.env).verdict, Verdict::unknown);
}

TEST(ReplayVerb, TakesNothingButAHandoffOfPrecheck) {
  EnvScene scene;
  const auto refused = [&](const fs::path& path) {
    return test::error_of([&] { return replay({.arguments = {path.string()}}, scene.env); }).code();
  };
  EXPECT_EQ(refused(scene.folder.path() / "absent.json"), ExitCode::handoff);
  EXPECT_EQ(refused(left_by(scene, {}, "migrate")), ExitCode::handoff);
  const auto path = left_by(scene, {coverage(87, Outcome::pass)});
  const auto bytes = read_file(path);
  for (const auto& broken :
       {std::string(), std::string("{}"), bytes.substr(0, bytes.size() / 2), std::string("\xff\xfe")}) {
    write_file(path, broken);
    EXPECT_EQ(refused(path), ExitCode::handoff);
  }
}

}  // namespace
}  // namespace baton::precheck
