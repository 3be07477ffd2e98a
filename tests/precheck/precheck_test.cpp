// What list and explain tell, and what a run hands on.
#include "tools/precheck/precheck.h"

#include <gtest/gtest.h>

#include "tests/precheck/scene.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ListVerb, NamesEveryCheckWithWhatThisConfigurationAsksFor) {
  EnvScene scene("precheck: {quality: {coverage: {min: 95}}}");
  const auto result = list(scene.env);
  EXPECT_EQ(result.verdict, Verdict::proceed);
  const auto& rows = result.record["checks"].items();
  ASSERT_EQ(rows.size(), places().size());
  EXPECT_EQ(rows[1], Json::object({{"id", "coverage"},
                                   {"sop", "1.1"},
                                   {"group", "quality"},
                                   {"critical", true},
                                   {"title", "Test coverage"},
                                   {"expected", ">= 95 %"},
                                   {"needs", "precheck.quality.coverage.reports"},
                                   {"waivable", true},
                                   {"attestable", false},
                                   {"failure_means", "stop: exit 3"},
                                   {"unknown_means", "no go: exit 6, until it can be answered"}}));
  EXPECT_EQ(result.record["sop"].string(), "SOP: Deployment, version 1.0.0 (2025-11-04)");
  EXPECT_TRUE(
      says(result.summary,
           "coverage               1.1   critical  Test coverage; expects >= 95 %; needs "
           "precheck.quality.coverage.reports\n"
           "unit-tests             1.1   critical  Unit tests; expects no failure, at least 1 test passed; needs"))
      << result.summary;
  EXPECT_TRUE(says(result.summary, "nodes-ready            1.2   critical  Kubernetes nodes; expects all Ready\n"))
      << result.summary;
}

TEST(ExplainVerb, SaysWhatACheckLooksAtAndWhatItsFailureMeans) {
  EnvScene scene("precheck: {quality: {coverage: {min: 95}}}");
  EXPECT_EQ(explain({.arguments = {"coverage"}}, scene.env).summary,
            "coverage: Test coverage (SOP 1.1, Quality Gates)\n"
            "expects: >= 95 %\n"
            "needs: precheck.quality.coverage.reports\n"
            "when it fails: stop: exit 3\n"
            "when nobody can tell: no go: exit 6, until it can be answered\n"
            "then: Identify which gate failed (code review, tests, security)\n"
            "then: Return to the step of feature development that owns it\n"
            "then: Fix the issue and run the quality gates again\n"
            "then: Run baton-precheck again once all gates pass\n");
  EXPECT_TRUE(says(explain({.arguments = {"nodes-ready"}}, scene.env).summary, "\nneeds: nothing\n"));
  EXPECT_TRUE(says(explain({.arguments = {"nodes-ready"}}, scene.env).summary, "cannot be waived\n"));
  const auto runbook = explain({.arguments = {"runbook"}}, scene.env).summary;
  EXPECT_TRUE(says(runbook, "when it fails: go on with caution")) << runbook;
  EXPECT_TRUE(says(runbook, "a person may answer it in attestations.yaml\n")) << runbook;
}

// SOP, "Build Fails (Step 2a)".
TEST(ExplainVerb, OfTheImageTellsTheSopsStepsForABuildThatFailed) {
  EnvScene scene;
  const auto text = explain({.arguments = {"image-in-registry"}}, scene.env).summary;
  EXPECT_TRUE(says(text, "then: Check the build log for the error: a missing dependency, a compilation error, "))
      << text;
  EXPECT_TRUE(says(text, "then: Where the image is too large: build in stages, ")) << text;
}

TEST(ExplainVerb, AnUnknownCheckIsAnErrorWithTheNearestName) {
  EnvScene scene;
  try {
    explain({.arguments = {"node-ready"}}, scene.env);
    FAIL() << "it was explained";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_EQ(std::string(error.what()), "no check is named 'node-ready'; did you mean 'nodes-ready'?");
  }
}

TEST(RunVerb, SaysTheThresholdThatIsConfigured) {
  const WrittenFile report("c.xml", "<coverage lines-covered='90' lines-valid='100'/>");
  EnvScene scene("precheck: {quality: {coverage: {min: 95, reports: ['" + report.path() + "']}}}");
  report.age_in(scene);
  const auto result = run({.only = {"coverage"}}, scene.env);
  EXPECT_EQ(result.verdict, Verdict::stop);
  EXPECT_TRUE(says(result.summary, "❌ coverage  90 %  >= 95 %\n       90 of 100 lines\n")) << result.summary;
  EXPECT_TRUE(result.summary.starts_with("Fix first: Test coverage (coverage): 90 % (expected >= 95 %); "))
      << result.summary;
  ASSERT_FALSE(result.recovery.empty());
  EXPECT_EQ(result.recovery.front(), "Identify which gate failed (code review, tests, security)");
}

TEST(RunVerb, APartialLookLeavesNothingBehind) {
  EnvScene scene;
  run({.only = {"coverage"}}, scene.env);
  EXPECT_FALSE(fs::exists(scene.env.dir / "pre-deployment-checklist.md"));
  EXPECT_TRUE(scene.lines.empty());
}

constexpr const char* kNoCluster =
    "precheck: {not_applicable: {infrastructure: none, capacity: none, deployment: none, metrics: none}}";

TEST(RunVerb, WritesTheChecklist) {
  EnvScene scene(kNoCluster);
  const auto result = run({}, scene.env);
  EXPECT_EQ(result.verdict, Verdict::unknown);
  const auto page = read_file(scene.env.dir / "pre-deployment-checklist.md");
  EXPECT_EQ(page, to_markdown(result.page.value()));
  EXPECT_TRUE(says(page, "\n## Release\n- Decision: ❔ UNKNOWN")) << page;
  EXPECT_TRUE(says(page, "\n- Fix first: ")) << page;
  EXPECT_TRUE(result.summary.ends_with("\nDecision: " + page.substr(page.rfind("❔ UNKNOWN"))));
  EXPECT_TRUE(result.state.members().empty());
}

/// A run whose registry has sha256:ab, beside what the build left.
StepResult run_beside(EnvScene& scene, const std::string& build) {
  scene.env.identity.subject.sha256 = "ab";
  write_file(scene.env.dir / "build.json", build);
  return run({}, scene.env);
}

TEST(RunVerb, TakesOverWhatTheBuildSaysOfThisImage) {
  EnvScene scene(kNoCluster);
  const auto result = run_beside(scene, R"({"digest": "sha256:ab", "push": "2025-11-04T14:04:00Z"})");
  ASSERT_GE(scene.lines.size(), 2U);
  EXPECT_EQ(scene.lines[1], "Image pushed to registry: 2025-11-04T14:04:00Z, sha256:ab");
  EXPECT_EQ(result.state["build"]["digest"].string(), "sha256:ab");
}

TEST(RunVerb, WhatABuildSaysOfAnotherImageIsNotUsed) {
  for (const auto* build : {R"({"digest": "sha256:cd"})", "{}", "no JSON"}) {
    EnvScene scene(kNoCluster);
    const auto result = run_beside(scene, build);
    EXPECT_EQ(scene.lines.size(), 1U) << build;
    EXPECT_EQ(result.state.find("build"), nullptr) << build;
  }
}

}  // namespace
}  // namespace baton::precheck
