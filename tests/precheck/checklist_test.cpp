// The checklist as people read it.
#include "tools/precheck/checklist.h"

#include <gtest/gtest.h>

#include "tests/precheck/scene.h"

namespace baton::precheck {
namespace {

const std::vector<ReportLine> kHead = {{.text = "Version: v1.6.0"}};

/// Every check with this outcome.
std::vector<GroupFindings> all_with(Outcome outcome) {
  std::vector<GroupFindings> all;
  for (const auto* group : groups()) {
    GroupFindings found{.group = group};
    for (const auto* check : group->checks) {
      found.findings.push_back({.id = std::string(check->id),
                                .sop = {},
                                .title = std::string(check->title),
                                .outcome = outcome,
                                .message = "fine"});
    }
    all.push_back(std::move(found));
  }
  return all;
}

Finding& finding_in(std::vector<GroupFindings>& all, std::string_view id) {
  for (auto& group : all) {
    for (auto& finding : group.findings) {
      if (finding.id == id) return finding;
    }
  }
  throw std::out_of_range("no finding " + std::string(id));
}

TEST(Checklist, HasItsHeadTheSopsSectionsInOrderAndTheDecision) {
  EXPECT_EQ(
      to_markdown(checklist(all_with(Outcome::pass), Verdict::proceed, kHead)),
      "# Pre-Deployment Checklist\n\n## Release\n- Decision: ✅ APPROVED FOR DEPLOYMENT\n- Version: v1.6.0\n\n"
      "## Quality Gates ✅\n- Code review: fine ✅\n- Test coverage: fine ✅\n- Unit tests: fine ✅\n"
      "- Integration tests: fine ✅\n- E2E tests: fine ✅\n- Security: fine ✅\n- Performance: fine ✅\n\n"
      "## Infrastructure Health ✅\n- Kubernetes nodes: fine ✅\n- Node CPU: fine ✅\n- Node memory: fine ✅\n"
      "- Database: fine ✅\n- Redis: fine ✅\n- External APIs: fine ✅\n- No ongoing incident: fine ✅\n\n"
      "## Database Migrations ✅\n- Staging migration: fine ✅\n- Rollback migration: fine ✅\n"
      "- Long-running queries: fine ✅\n- Backup programs: fine ✅\n- Backup target: fine ✅\n\n"
      "## Staging Tests ✅\n- Release on staging: fine ✅\n- E2E suite: fine ✅\n- Smoke tests on staging: fine ✅\n"
      "- Performance test: fine ✅\n- Logs of staging: fine ✅\n\n"
      "## Security ✅\n- Dependency scan: fine ✅\n- Container scan: fine ✅\n- Secrets in code: fine ✅\n"
      "- Secrets in the image: fine ✅\n"
      "- SSL certificates: fine ✅\n\n"
      "## Capacity ✅\n- Cluster capacity: fine ✅\n- Database disk: fine ✅\n- Connection pools: fine ✅\n"
      "- Redis clients: fine ✅\n\n"
      "## Code and Pipeline ✅\n- Code merged: fine ✅\n- Image of this commit: fine ✅\n- Pipeline: fine ✅\n"
      "- Rollback drill: fine ✅\n\n"
      "## Image ✅\n- Image: fine ✅\n- Image configuration: fine ✅\n- Image user: fine ✅\n- Image version: fine ✅\n"
      "- Tag latest: fine ✅\n- Image size: fine ✅\n- Image verified: fine ✅\n- Image contents: fine ✅\n\n"
      "## Deployment ✅\n- The Service sends its traffic to one workload that the strategy fits: fine ✅\n"
      "- No GitOps controller keeps the Service or the live Deployment: fine ✅\n"
      "- The autoscaler can be aimed at the next colour: fine ✅\n- The disruption budget can be narrowed to the "
      "colour that serves: fine ✅\n"
      "- The next colour's Deployment serves nobody: fine ✅\n- No other pod wears the next colour: fine ✅\n"
      "- No other Service sends users to the same pods: fine ✅\n- Every other Service of the release can move with it: "
      "fine ✅\n"
      "- The route can share the traffic of a canary: fine ✅\n"
      "- Both colours together are the Service's pods and nobody else's: fine ✅\n- Every worker can get the release: "
      "fine ✅\n"
      "- What the manifest holds beside the Deployment can be applied: fine ✅\n"
      "- No quota that may be read lacks room for both colours: fine ✅\n- Nobody holds the live Deployment: fine ✅\n"
      "- What serves replaces its pods by itself: fine ✅\n- Somebody serves while a pod is replaced: fine ✅\n"
      "- Nobody forces what a GitOps controller would revert: fine ✅\n"
      "- No VerticalPodAutoscaler evicts pods of the live colour: fine ✅\n"
      "- The disruption budget guards no pods of others: fine ✅\n"
      "- Quotas may be read: fine ✅\n"
      "- Every container of the image gets the release: fine ✅\n- All of the manifest is applied: fine ✅\n- No Helm "
      "release owns the Service: fine ✅\n"
      "- New connections choose their pod anew: fine ✅\n- APIs of the manifest: fine ✅\n"
      "- The next colour's Deployment: fine ✅\n- Probes of the release: fine ✅\n"
      "- Rights of the later steps: fine ✅\n- The image was not rolled back before: fine ✅\n"
      "- Notifications: fine ✅\n\n"
      "## Monitoring ✅\n- Baseline of the watched metrics: fine ✅\n"
      "- False rollbacks on the application's own history: fine ✅\n- Dashboards: fine ✅\n- Alerts: fine ✅\n- Logs: "
      "fine ✅\n- APM: fine ✅\n\n"
      "## Documentation ✅\n- Changelog: fine ✅\n- Release notes: fine ✅\n- Rollback plan: fine ✅\n- Runbook: fine "
      "✅\n\n"
      "## Team ✅\n- Stakeholders notified: fine ✅\n- On-call engineer: fine ✅\n- Deployment window: fine ✅\n"
      "- Traffic: fine ✅\n- Incident channel: fine ✅\n\n"
      "## Decision: ✅ APPROVED FOR DEPLOYMENT\n");
}

TEST(Checklist, EveryNumberStandsBesideItsLimitMetOrNot) {
  auto all = all_with(Outcome::pass);
  auto& coverage = finding_in(all, "coverage");
  coverage.observed = Measured(87, "%");
  coverage.expected = Expected(">=", Measured(80, "%"));
  EXPECT_NE(
      to_markdown(checklist(all, Verdict::proceed, kHead)).find("- Test coverage: 87 % (expected >= 80 %); fine ✅"),
      std::string::npos);
}

TEST(Checklist, TheThreeSuitesAreAddedUpOnceAllOfThemRan) {
  auto all = all_with(Outcome::pass);
  const auto text = [&] { return to_markdown(checklist(all, Verdict::proceed, kHead)); };
  finding_in(all, "unit-tests").observed = Measured(200, "tests passed");
  finding_in(all, "integration-tests").observed = Measured(40, "tests passed");
  EXPECT_EQ(text().find("All tests pass"), std::string::npos) << "one suite is missing";
  finding_in(all, "e2e-tests").observed = Measured(10, "tests passed");
  EXPECT_NE(text().find("- All tests pass: 250/250 ✅\n"), std::string::npos) << text();
  finding_in(all, "e2e-tests").outcome = Outcome::fail;
  EXPECT_NE(text().find("- All tests pass: no, 250 pass ❌\n"), std::string::npos) << text();
}

TEST(Checklist, AGroupIsAsGoodAsItsWorstLine) {
  auto all = all_with(Outcome::pass);
  finding_in(all, "e2e-tests").outcome = Outcome::unknown;
  auto& nodes = finding_in(all, "nodes-ready");
  nodes = {.id = "nodes-ready",
           .sop = {},
           .title = "Kubernetes nodes",
           .outcome = Outcome::fail,
           .observed = Measured(1, "nodes"),
           .expected = "all Ready",
           .message = "1/2 Ready; not ready: b"};
  const auto text = to_markdown(checklist(all, Verdict::stop, kHead));
  EXPECT_NE(text.find("## Quality Gates ❔\n"), std::string::npos) << text;
  EXPECT_NE(text.find("## Infrastructure Health ❌\n"
                      "- Kubernetes nodes: 1 node (expected all Ready); 1/2 Ready; not ready: b ❌\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("## Decision: ❌ STOP, FIX BEFORE DEPLOYING"), std::string::npos);
}

TEST(Checklist, HoldsWhatWasFoundAndNothingElse) {
  auto all = all_with(Outcome::pass);
  all.erase(all.begin() + 1, all.end());
  all.front().findings.erase(all.front().findings.begin() + 1);
  const auto text = to_markdown(checklist(all, Verdict::unknown, kHead));
  EXPECT_EQ(text.find("Test coverage"), std::string::npos) << text;
  EXPECT_NE(text.find("- Unit tests: fine ✅\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Infrastructure"), std::string::npos) << text;
  EXPECT_NE(text.find("❔ UNKNOWN, NOT APPROVED"), std::string::npos) << text;
}

TEST(Checklist, ALineThatNobodyDecidedOnLeavesItsGroupOpen) {
  auto all = all_with(Outcome::pass);
  finding_in(all, "coverage").outcome = Outcome::skipped;
  EXPECT_NE(to_markdown(checklist(all, Verdict::caution, kHead)).find("## Quality Gates ❔\n"), std::string::npos);
  finding_in(all, "coverage").settled = true;
  EXPECT_NE(to_markdown(checklist(all, Verdict::proceed, kHead)).find("## Quality Gates ✅\n"), std::string::npos);
}

TEST(Checklist, APartialLookDecidesNothing) {
  const auto text = to_markdown(partial_checklist(all_with(Outcome::pass), kHead));
  EXPECT_NE(text.find("## No decision: a look at some checks opens nothing\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("APPROVED"), std::string::npos);
}

}  // namespace
}  // namespace baton::precheck
