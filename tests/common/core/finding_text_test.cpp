// A finding in words, the same everywhere.
#include "common/core/finding_text.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

Finding nodes(Outcome outcome) {
  return {.id = "nodes-ready",
          .sop = "1.2",
          .title = "Nodes",
          .outcome = outcome,
          .observed = Measured(2, "nodes"),
          .expected = "all Ready",
          .message = "node b is not ready",
          .files = {"nodes.json"}};
}

TEST(FindingTextTest, ALineCanBeSearchedForAndNamesItsSources) {
  EXPECT_EQ(finding_text(nodes(Outcome::fail)),
            "1.2 nodes-ready: 2 nodes (expected all Ready); node b is not ready [nodes.json]");
}

TEST(FindingTextTest, ADocumentHasTitles) {
  EXPECT_EQ(finding_line(nodes(Outcome::fail)), "Nodes: 2 nodes (expected all Ready); node b is not ready");
}

TEST(FindingTextTest, WhatWasMetIsNotExpectedAgain) {
  EXPECT_EQ(finding_line(nodes(Outcome::pass)), "Nodes: 2 nodes; node b is not ready");
}

TEST(FindingTextTest, NothingSeenLeavesNoEmptyBrackets) {
  Finding finding{.id = "x", .title = "X"};
  EXPECT_EQ(finding_line(finding), "X");
  EXPECT_EQ(finding_text(finding), "x");
  finding.message = "nobody looked";
  EXPECT_EQ(finding_line(finding), "X: nobody looked");
  finding.expected = Expected("<", Measured(70, "%"));
  EXPECT_EQ(finding_line(finding), "X: expected < 70 %; nobody looked");
}

TEST(FindingTextTest, LimitAndValueHaveOneUnit) {
  const Finding finding{.id = "p95",
                        .title = "P95 latency",
                        .outcome = Outcome::fail,
                        .observed = Measured(230.5, "ms"),
                        .expected = Expected("<=", Measured(185, "ms"), "baseline +100%")};
  EXPECT_EQ(finding_line(finding), "P95 latency: 230.5 ms (expected <= 185 ms (baseline +100%))");
}

}  // namespace
}  // namespace baton
