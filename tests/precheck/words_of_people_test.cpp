// Waivers and attestations laid over what was found.
#include "tools/precheck/words_of_people.h"

#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

const Time kNow = *parse_rfc3339("2026-03-01T12:00:00Z");

std::string waiver(const std::string& check, const std::string& until = "2026-03-01",
                   const std::string& reason = "hotfix", const std::string& by = "jo") {
  return "precheck: {waivers: [{check: " + check + ", reason: '" + reason + "', by: '" + by + "', until: '" + until +
         "'}]}";
}

Finding line(std::string id, Outcome outcome, bool critical = false) {
  return {.id = std::move(id), .sop = {}, .title = {}, .critical = critical, .outcome = outcome, .message = "seen"};
}

Finding waived(Outcome outcome, const std::string& until = "2026-03-01", bool critical = false) {
  EnvScene scene(waiver("coverage", until));
  auto finding = line("coverage", outcome, critical);
  apply_waiver(finding, scene.env.config, kNow);
  return finding;
}

TEST(WaiverTest, MakesItCautionAndSaysWhoWhyAndUntilWhen) {
  for (const auto outcome : {Outcome::pass, Outcome::warn, Outcome::fail, Outcome::unknown, Outcome::skipped}) {
    const auto finding = waived(outcome, "2026-03-01", /*critical=*/true);
    EXPECT_EQ(finding.outcome, Outcome::warn) << outcome_name(outcome) << ": never ✅";
    EXPECT_FALSE(finding.critical);
    EXPECT_EQ(finding.message.rfind("seen; waived by jo until 2026-03-01: hotfix", 0), 0U) << finding.message;
  }
  EXPECT_NE(waived(Outcome::pass).message.find("it would have passed"), std::string::npos);
}

TEST(WaiverTest, OneThatIsOverFails) {
  EXPECT_EQ(waived(Outcome::warn, "2026-02-28").outcome, Outcome::fail);
  EXPECT_EQ(waived(Outcome::unknown, "2026-02-28").outcome, Outcome::fail);
  const auto critical = waived(Outcome::fail, "2026-02-28", /*critical=*/true);
  EXPECT_TRUE(critical.critical);
  EXPECT_NE(critical.message.find("which is over"), std::string::npos);
  EXPECT_EQ(waived(Outcome::pass, "2026-02-28").outcome, Outcome::pass) << "nothing had to be waived";
}

TEST(WaiverTest, OfAnotherLineChangesNothing) {
  EnvScene scene(waiver("coverage"));
  auto other = line("unit-tests", Outcome::fail);
  apply_waiver(other, scene.env.config, kNow);
  EXPECT_EQ(other.outcome, Outcome::fail);
  auto settled = line("coverage", Outcome::skipped);
  settled.settled = true;
  apply_waiver(settled, scene.env.config, kNow);
  EXPECT_EQ(settled.outcome, Outcome::skipped);
}

TEST(WaiverTest, WhatMayNotBeWaivedIsRefused) {
  for (const auto& place : places()) {
    EnvScene scene(waiver(std::string(place.check->id)));
    const auto refused = test::refused([&] {
      require_good_waivers(scene.env);
      return 0;
    });
    EXPECT_EQ(!refused.has_value(), place.check->is_waivable) << place.check->id;
    EXPECT_EQ(refused ? refused->code() : ExitCode::usage, ExitCode::usage);
  }
}

TEST(WaiverTest, HasAReasonAPersonAndADay) {
  for (const auto& yaml :
       {waiver("coverag"), waiver("coverage", ""), waiver("coverage", "2026-02-30"), waiver("coverage", "tomorrow"),
        waiver("coverage", "2026-03-01", " "), waiver("coverage", "2026-03-01", "why", " ")}) {
    const auto error = test::error_of([&] {
      EnvScene scene(yaml);
      require_good_waivers(scene.env);
    });
    EXPECT_EQ(error.code(), ExitCode::usage) << yaml;
  }
}

TEST(WaiverTest, IsLaidOverWhatARunFinds) {
  EnvScene scene(waiver("coverage", "2026-12-01"));
  const auto finding = look_at(scene, "coverage");
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_NE(finding.message.find("waived by jo"), std::string::npos) << finding.message;
}

const std::vector<Attestation> kSaid = {{.box = "runbook", .says = "no change", .by = "jo", .at = kNow},
                                        {.box = "coverage", .says = "good enough", .by = "jo", .at = kNow}};

Finding attested(const std::string& id, Outcome outcome, bool settled = false) {
  auto finding = line(id, outcome);
  finding.settled = settled;
  apply_attestation(finding, *place_of(id).check, kSaid);
  return finding;
}

TEST(AttestationTest, APersonAnswersWhatOnlyAPersonCanKnow) {
  for (const auto outcome : {Outcome::warn, Outcome::fail, Outcome::unknown, Outcome::skipped}) {
    const auto finding = attested("runbook", outcome);
    EXPECT_EQ(finding.outcome, Outcome::pass);
    EXPECT_EQ(finding.message, "attested by jo at 2026-03-01T12:00:00Z: no change (seen)");
  }
  EXPECT_EQ(attested("runbook", Outcome::pass).message, "seen") << "what was seen needs no word";
  EXPECT_EQ(attested("runbook", Outcome::skipped, /*settled=*/true).outcome, Outcome::skipped);
}

TEST(AttestationTest, WhatAMachineDecidesStaysAsItIs) {
  const auto finding = attested("coverage", Outcome::fail);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("does not count here"), std::string::npos);
  EXPECT_EQ(attested("changelog", Outcome::warn).message, "seen");
}

TEST(AttestationTest, NoCriticalLineCanBeAttested) {
  for (const auto& place : places()) {
    EXPECT_FALSE(place.check->critical && place.check->is_attestable) << place.check->id;
  }
}

}  // namespace
}  // namespace baton::precheck
