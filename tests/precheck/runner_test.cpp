// Rules that every check obeys, and what the runner makes of those that cannot look.
#include "tools/precheck/runner.h"

#include <gtest/gtest.h>

#include <set>

#include "common/config/sections/run.h"
#include "tests/precheck/scene.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

/// A world in which nothing answers.
const std::string kDeadWorld = R"(
image: 127.0.0.1:1/shop
database: {url: "postgresql://u@127.0.0.1:1/shop"}
metrics: {prometheus: "http://127.0.0.1:1"}
precheck:
  quality: {coverage: {reports: [nowhere/*.xml]}, tests: {unit: [nowhere.xml], integration: [nowhere.xml], e2e: [nowhere.xml]}}
  staging: {url: "http://127.0.0.1:1"}
switch: {smoke: [{path: /health}]}
)";
const std::string kNoServer = "http://127.0.0.1:1";

TEST(CheckTable, IdsAreUniqueKebabCase) {
  std::set<std::string_view> ids;
  ASSERT_FALSE(places().empty());
  for (const auto& [group, check] : places()) {
    EXPECT_TRUE(ids.insert(check->id).second) << check->id;
    EXPECT_TRUE(ids.insert(group->id).second || group->checks.front() != check) << group->id;
    EXPECT_EQ(check->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string_view::npos)
        << check->id;
  }
}

TEST(CheckTable, EveryCheckSaysWhatItExpectsAndEveryGroupHowToRecover) {
  ASSERT_FALSE(groups().empty());
  for (const auto* group : groups()) {
    EXPECT_FALSE(group->recovery.empty()) << group->id;
    EXPECT_FALSE(group->checks.empty()) << group->id;
    for (const auto* check : group->checks) {
      EXPECT_FALSE(check->expected(Config{}).is_empty()) << check->id;
      EXPECT_FALSE(check->title.empty()) << check->id;
    }
  }
}

TEST(CheckTable, NothingPassesInADeadWorld) {
  EnvScene scene(kDeadWorld);
  const KubeconfigOf cluster(kNoServer);
  cluster.use_in(scene);
  const auto findings = run_in(scene).findings();
  ASSERT_EQ(findings.size(), places().size());
  for (const auto& finding : findings) {
    EXPECT_NE(finding.outcome, Outcome::pass) << finding.id;
    EXPECT_FALSE(finding.message.empty()) << finding.id;
  }
}

TEST(CheckTable, NothingPassesWhenNothingIsConfigured) {
  EnvScene scene;
  const KubeconfigOf cluster(kNoServer);
  cluster.use_in(scene);
  const auto checked = run_in(scene);
  const auto findings = checked.findings();
  ASSERT_EQ(findings.size(), places().size());
  for (const auto& finding : findings) EXPECT_NE(finding.outcome, Outcome::pass) << finding.id;
  EXPECT_EQ(finding_of(checked, "coverage").outcome, Outcome::skipped);
  EXPECT_EQ(finding_of(checked, "database-reachable").outcome, Outcome::unknown);
  EXPECT_EQ(finding_of(checked, "staging-smoke").outcome, Outcome::unknown);
  EXPECT_EQ(decide(findings), Verdict::unknown);
}

TEST(Runner, FindingsStandInTheirGroupsInTheTablesOrder) {
  EnvScene scene;
  const auto checked = run_in(scene, {.only = {"coverage"}});
  ASSERT_EQ(checked.groups.size(), groups().size());
  for (std::size_t at = 0; at < checked.groups.size(); ++at) {
    const auto& [group, findings] = checked.groups[at];
    EXPECT_EQ(group, groups()[at]);
    ASSERT_EQ(findings.size(), group->checks.size()) << group->id;
    for (std::size_t i = 0; i < findings.size(); ++i) EXPECT_EQ(findings[i].id, group->checks[i]->id);
  }
}

TEST(Runner, StandaloneSkipsWhatIsNotConfigured) {
  EnvScene scene;
  scene.loaded.values.run().standalone = true;
  EXPECT_EQ(look_at(scene, "database-reachable").outcome, Outcome::skipped);
}

TEST(Runner, AGroupThatIsNotApplicableIsSkippedWithItsReason) {
  EnvScene scene("precheck: {not_applicable: {security: scanned elsewhere}}");
  const auto finding = look_at(scene, "security-scan");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_NE(finding.message.find("scanned elsewhere"), std::string::npos);
}

TEST(Runner, WhatIsNotChosenNeverShowsAPass) {
  const WrittenFile database("app.db", "");  // an empty file is an empty SQLite database
  EnvScene scene("database: {url: 'sqlite:" + database.path() + "'}");
  const auto checked = run_in(scene, {.only = {"database-reachable"}});
  EXPECT_EQ(finding_of(checked, "database-reachable").outcome, Outcome::pass);
  EXPECT_EQ(finding_of(checked, "coverage").outcome, Outcome::unknown);
  EXPECT_EQ(decide(checked.findings()), Verdict::caution);
}

TEST(Runner, AnUnknownCheckIsAnErrorWithTheNearestName) {
  EnvScene scene;
  try {
    run_in(scene, {.skip = {"coverag"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_NE(std::string(error.what()).find("'coverage'"), std::string::npos);
  }
}

}  // namespace
}  // namespace baton::precheck
