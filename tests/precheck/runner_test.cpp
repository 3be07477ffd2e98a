// Rules that every check obeys, and what the runner makes of those that cannot look.
#include "tools/precheck/runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/config/sections/run.h"
#include "common/core/digest.h"
#include "tests/support/env_scene.h"
#include "tools/precheck/checklist.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

const Finding& finding_of(const Checked& checked, std::string_view id) {
  return *std::find_if(checked.findings.begin(), checked.findings.end(), [&](const Finding& f) { return f.id == id; });
}

Checked run_in(EnvScene& scene, const Options& options = {}) {
  CheckContext context{.env = scene.env};
  return run_checks(options, context);
}

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

/// A kubeconfig of a cluster that is not there.
class DeadCluster {
 public:
  DeadCluster() {
    write_file(folder_.path() / "config",
               "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\n"
               "users: [{name: u, user: {token: t}}]\ncontexts: [{name: x, context: {cluster: c, user: "
               "u}}]\ncurrent-context: x\n");
  }
  void use_in(EnvScene& scene) const {
    scene.environment = Environment({{"KUBECONFIG", (folder_.path() / "config").string()}});
  }

 private:
  TempFolder folder_;
};

/// A file written now; the scene's clock may be turned to when that was.
class WrittenFile {
 public:
  WrittenFile(const std::string& name, const std::string& text) : path_(folder_.path() / name) {
    write_file(path_, text);
  }
  std::string path() const { return path_.string(); }
  Time written() const { return modified_at(path_); }

 private:
  TempFolder folder_;
  fs::path path_;
};

TEST(CheckTable, IdsAreUniqueKebabCase) {
  std::set<std::string_view> ids;
  for (const auto* check : checks()) {
    EXPECT_TRUE(ids.insert(check->id).second) << check->id;
    EXPECT_EQ(check->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string_view::npos)
        << check->id;
  }
}

TEST(CheckTable, EveryCheckSaysWhatItExpectsAndEveryGroupHowToRecover) {
  for (const auto* check : checks()) {
    EXPECT_FALSE(check->expected.empty()) << check->id;
    EXPECT_FALSE(check->title.empty()) << check->id;
    EXPECT_FALSE(group_of(*check).recovery.empty()) << check->id;
  }
}

TEST(CheckTable, NothingPassesInADeadWorld) {
  EnvScene scene(kDeadWorld);
  const DeadCluster cluster;
  cluster.use_in(scene);
  for (const auto& finding : run_in(scene).findings) {
    EXPECT_NE(finding.outcome, Outcome::pass) << finding.id;
    EXPECT_FALSE(finding.message.empty()) << finding.id;
  }
}

TEST(CheckTable, NothingPassesWhenNothingIsConfigured) {
  EnvScene scene;
  const DeadCluster cluster;
  cluster.use_in(scene);
  const auto checked = run_in(scene);
  for (const auto& finding : checked.findings) EXPECT_NE(finding.outcome, Outcome::pass) << finding.id;
  EXPECT_EQ(finding_of(checked, "coverage").outcome, Outcome::skipped);
  EXPECT_EQ(finding_of(checked, "database-reachable").outcome, Outcome::unknown);
  EXPECT_EQ(finding_of(checked, "staging-smoke").outcome, Outcome::unknown);
  EXPECT_EQ(decide(checked.findings), Verdict::unknown);
}

TEST(Runner, StandaloneSkipsWhatIsNotConfigured) {
  EnvScene scene;
  scene.loaded.values.run().standalone = true;
  EXPECT_EQ(finding_of(run_in(scene, {.only = {"database-reachable"}}), "database-reachable").outcome,
            Outcome::skipped);
}

TEST(Runner, AGroupThatIsNotApplicableIsSkippedWithItsReason) {
  EnvScene scene("precheck: {not_applicable: {security: scanned elsewhere}}");
  const auto finding = finding_of(run_in(scene, {.only = {"security-scan"}}), "security-scan");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_NE(finding.message.find("scanned elsewhere"), std::string::npos);
}

TEST(Runner, WhatIsNotChosenNeverShowsAPass) {
  const WrittenFile database("app.db", "");  // an empty file is an empty SQLite database
  EnvScene scene("database: {url: 'sqlite:" + database.path() + "'}");
  const auto checked = run_in(scene, {.only = {"database-reachable"}});
  EXPECT_EQ(finding_of(checked, "database-reachable").outcome, Outcome::pass);
  EXPECT_EQ(finding_of(checked, "coverage").outcome, Outcome::unknown);
  EXPECT_EQ(decide(checked.findings), Verdict::caution);
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

Outcome coverage_of(const std::string& percent, Duration age = Duration{0}) {
  const WrittenFile report("c.xml", "<coverage lines-covered='" + percent + "' lines-valid='1000'/>");
  EnvScene scene("precheck: {quality: {coverage: {reports: ['" + report.path() + "']}}}");
  scene.clock.advance(report.written() + age - scene.clock.now());
  return finding_of(run_in(scene, {.only = {"coverage"}}), "coverage").outcome;
}

// SOP 1.1: test coverage >= 80 %.
TEST(CoverageCheck, PassesAtEightyPercentAndFailsBelow) {
  EXPECT_EQ(coverage_of("800"), Outcome::pass);
  EXPECT_EQ(coverage_of("799"), Outcome::fail);
}

TEST(CoverageCheck, AReportOverItsAgeIsUnknown) {
  using namespace std::chrono_literals;
  EXPECT_EQ(coverage_of("900", 24h), Outcome::pass);
  EXPECT_EQ(coverage_of("900", 24h + 1s), Outcome::unknown);
}

Outcome unit_tests_of(const std::string& cases) {
  const WrittenFile report("u.xml", "<testsuite>" + cases + "</testsuite>");
  EnvScene scene("precheck: {quality: {tests: {unit: ['" + report.path() + "']}}}");
  scene.clock.advance(report.written() - scene.clock.now());
  return finding_of(run_in(scene, {.only = {"unit-tests"}}), "unit-tests").outcome;
}

TEST(TestsCheck, ZeroTestsAreUnknownAndOneFailureFails) {
  EXPECT_EQ(unit_tests_of(""), Outcome::unknown);
  EXPECT_EQ(unit_tests_of("<testcase name='a'><skipped/></testcase>"), Outcome::unknown);
  EXPECT_EQ(unit_tests_of("<testcase name='a'/>"), Outcome::pass);
  EXPECT_EQ(unit_tests_of("<testcase name='a'/><testcase name='b'><failure/></testcase>"), Outcome::fail);
}

TEST(Checklist, HasTheSopsSectionsAndDecision) {
  std::vector<Finding> findings;
  for (const auto* check : checks()) {
    findings.push_back({.id = std::string(check->id),
                        .sop = {},
                        .title = std::string(check->title),
                        .outcome = Outcome::pass,
                        .message = "fine"});
  }
  const auto text = to_markdown(checklist(findings, Verdict::proceed));
  EXPECT_EQ(text.rfind("# Pre-Deployment Checklist\n\n## Quality Gates ✅\n- Test coverage: fine ✅\n", 0), 0U) << text;
  EXPECT_NE(text.find("## Infrastructure Health ✅"), std::string::npos);
  EXPECT_NE(text.find("## Decision: ✅ APPROVED FOR DEPLOYMENT"), std::string::npos);
  EXPECT_NE(to_markdown(checklist(findings, Verdict::unknown)).find("❔ UNKNOWN"), std::string::npos);
}

}  // namespace
}  // namespace baton::precheck
