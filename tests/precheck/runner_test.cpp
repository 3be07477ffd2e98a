// Rules that every check obeys, and what the runner makes of those that cannot look.
#include "tools/precheck/runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/config/sections/run.h"
#include "tests/precheck/scene.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

/// A world in which nothing answers.
const std::string kDeadWorld = R"(
image: 127.0.0.1:1/shop
database: {url: "postgresql://u@127.0.0.1:1/shop"}
metrics: {prometheus: "http://127.0.0.1:1"}
precheck:
  branch: main
  security: {tls: ["127.0.0.1:1"], dependencies: [nowhere.json], image: [nowhere.json], secrets: [nowhere]}
  quality: {vulnerabilities: {reports: [nowhere.json]}, review: {file: nowhere.json, pointer: /score}, coverage: {reports: [nowhere/*.xml]}, tests: {unit: [nowhere.xml], integration: [nowhere.xml], e2e: [nowhere.xml]}, performance: {max_p95: 1h, reports: [nowhere.json], query: p95}}
  staging: {url: "http://127.0.0.1:1", kubernetes: {namespace: staging}, e2e: [nowhere.xml], smoke: [nowhere.xml], performance: [nowhere.json]}
  migrations: {rehearsal: nowhere.json}
  capacity: {database_disk: 'vector(1)', pool: 5}
  monitoring: {dashboards: ["http://127.0.0.1:1"], alerts: [HighErrorRate], logs: {loki: "http://127.0.0.1:1"}, apm: {url: "http://127.0.0.1:1", pointer: /at}}
  infrastructure: {redis: "redis://127.0.0.1:1", external: ["http://127.0.0.1:1"], alertmanager: "http://127.0.0.1:1"}
  documentation: {changelog: nowhere.md, release_notes: nowhere, rollback_plan: nowhere.md, runbook: nowhere.md}
  team: {window: "Mon-Sun 00:00-24:00 Nowhere/Land", on_call: {url: "http://127.0.0.1:1", pointer: /name}}
notify: {to: [{webhook: "http://127.0.0.1:1/a"}], incident: [{webhook: "http://127.0.0.1:1/b"}]}
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
  EXPECT_EQ(finding_of(checked, "database-reachable").outcome, Outcome::skipped);
  EXPECT_TRUE(finding_of(checked, "database-reachable").settled) << "an app without a database is not asked for one";
  EXPECT_EQ(finding_of(checked, "staging-smoke").outcome, Outcome::unknown);
  EXPECT_EQ(finding_of(checked, "metrics-baseline").outcome, Outcome::fail) << "nobody could judge the release";
  EXPECT_EQ(decide(findings), Verdict::stop);
}

TEST(Runner, FindingsStandInTheirGroupsInTheTablesOrder) {
  EnvScene scene(kDeadWorld);
  const KubeconfigOf cluster(kNoServer);
  cluster.use_in(scene);
  const auto checked = run_in(scene);
  ASSERT_EQ(checked.groups.size(), groups().size());
  for (std::size_t at = 0; at < checked.groups.size(); ++at) {
    const auto& [group, findings] = checked.groups[at];
    EXPECT_EQ(group, groups()[at]);
    ASSERT_EQ(findings.size(), group->checks.size()) << group->id;
    for (std::size_t i = 0; i < findings.size(); ++i) EXPECT_EQ(findings[i].id, group->checks[i]->id);
  }
}

TEST(Runner, LooksAtWhatWasChosenAndAtNothingElse) {
  EnvScene scene;
  const auto checked = run_in(scene, {.only = {"e2e-tests", "coverage"}});
  ASSERT_EQ(checked.groups.size(), 1U);
  EXPECT_EQ(checked.groups[0].findings.size(), 2U);
}

TEST(Runner, StandaloneSkipsWhatIsNotConfigured) {
  EnvScene scene;
  scene.loaded.values.run().standalone = true;
  const auto findings = run_in(scene).findings();  // no cluster either: it is absent, not broken
  for (const auto* id : {"coverage", "nodes-ready", "staging-smoke", "metrics-baseline"}) {
    const auto found = std::ranges::find(findings, id, &Finding::id);
    EXPECT_EQ(found->outcome, Outcome::skipped) << id;
    EXPECT_FALSE(found->settled) << id;
  }
}

TEST(Runner, StandaloneTakesABrokenKubeconfigForNoAbsentOne) {
  EnvScene scene;
  scene.loaded.values.run().standalone = true;
  const TempFolder folder;
  write_file(folder.path() / "config", "current-context: gone\n");
  scene.environment = Environment({{"KUBECONFIG", (folder.path() / "config").string()}});
  const auto finding = look_at(scene, "nodes-ready");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_NE(finding.message.find("'gone' is in no kubeconfig"), std::string::npos) << finding.message;
}

TEST(Runner, AGroupThatIsNotApplicableIsSkippedWithItsReason) {
  EnvScene scene("precheck: {not_applicable: {security: scanned elsewhere}}");
  const auto finding = look_at(scene, "secrets");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_FALSE(finding.settled) << "a critical group is never settled by a sentence";
  EXPECT_NE(finding.message.find("scanned elsewhere"), std::string::npos);
}

struct Declaration {
  const char* name;
  const char* check;
  bool settled;
};

TEST(Runner, ADeclarationSettlesALineOutsideTheCriticalGroupsAndAPartTheAppNeedNotHave) {
  const Declaration declarations[] = {
      {"coverage", "coverage", true},         {"quality", "coverage", true},
      {"image", "image-in-registry", true},   {"redis", "redis", true},
      {"external", "external", true},         {"database", "database-reachable", true},
      {"infrastructure", "redis", false},     {"node-cpu", "node-cpu", false},
      {"staging", "staging-smoke", false},    {"secrets", "secrets", false},
      {"metrics", "metrics-baseline", false}, {"monitoring", "metrics-baseline", false},
  };
  for (const auto& [name, check, settled] : declarations) {
    EnvScene scene(std::string("database: {url: 'sqlite:x.db'}\nprecheck: {not_applicable: {") + name + ": why}}");
    const auto finding = look_at(scene, check);
    EXPECT_EQ(finding.outcome, Outcome::skipped) << name;
    EXPECT_EQ(finding.settled, settled) << name << " " << check;
  }
}

/// The error that a run in this configuration ends with.
Error refused(const std::string& yaml, const Options& options = {}) {
  return test::error_of([&] {
    EnvScene scene(yaml);
    run_in(scene, options);
  });
}

TEST(Runner, ADeclarationNamesWhatExistsAndHasAReason) {
  const auto mistyped = refused("precheck: {not_applicable: {securty: scanned elsewhere}}");
  EXPECT_EQ(mistyped.code(), ExitCode::usage);
  EXPECT_NE(std::string(mistyped.what()).find("names 'securty'"), std::string::npos) << mistyped.what();
  EXPECT_EQ(mistyped.hint(), "Did you mean 'security'?");
  EXPECT_NE(std::string(refused("precheck: {not_applicable: {staging: ' '}}").what()).find("has no reason"),
            std::string::npos);
  EnvScene metric("precheck: {not_applicable: {latency_p95: a batch worker}}");
  EXPECT_NO_THROW(run_in(metric, {.only = {"coverage"}}));
}

TEST(Runner, WhatCannotBeWaivedIsNotSkipped) {
  for (const auto& [group, check] : places()) {
    if (group->id != "infrastructure" && check->is_waivable) continue;
    EXPECT_EQ(refused("", {.skip = {std::string(check->id)}}).code(), ExitCode::usage) << check->id;
  }
  for (const auto* id :
       {"vulnerabilities", "secrets", "dependency-scan", "image-scan", "e2e-tests", "staging-e2e", "staging-smoke"})
    EXPECT_FALSE(place_of(id).check->is_waivable) << id;
}

TEST(Runner, WhatIsSkippedByAFlagIsAtBestCaution) {
  EnvScene scene(kDeadWorld);
  const KubeconfigOf cluster(kNoServer);
  cluster.use_in(scene);
  const auto finding = finding_of(run_in(scene, {.skip = {"coverage"}}), "coverage");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_EQ(decide(std::vector{Finding{.id = {}, .sop = {}, .title = {}, .critical = true, .outcome = Outcome::pass},
                               finding}),
            Verdict::caution);
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
