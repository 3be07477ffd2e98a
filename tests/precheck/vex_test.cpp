// What VEX takes away, what it leaves, and how findings of several reports become one.
#include "tools/precheck/reports/vex.h"

#include <gtest/gtest.h>

#include "tools/precheck/reports/findings.h"
#include "tools/precheck/reports/package_name.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

const std::string kDigest = "sha256:" + std::string(64, '2');
const Released kReleased{
    .app = "shop", .repository = "registry.example.com/team/shop", .version = "v1.6.0", .digests = {kDigest}};

Vulnerability lodash() {
  return {.id = "GHSA-1",
          .aliases = {"CVE-2024-1"},
          .package = "lodash",
          .purl = "pkg:npm/lodash@4.17.20",
          .version = "4.17.20",
          .severity = Severity::critical};
}

VexStatement statement(const std::string& product, const std::string& part = "", const std::string& id = "CVE-2024-1") {
  VexStatement statement{.ids = {id}, .products = {product}, .source = "vex.json"};
  if (!part.empty()) statement.packages = {part};
  set_status(statement, "not_affected", "component_not_present");
  return statement;
}

bool is_cleared(const VexStatement& statement, Vulnerability found = lodash()) {
  Vex({statement}).apply(kReleased, found);
  return found.standing == FindingState::cleared;
}

TEST(Vex, ClearsThePackageThatItNames) {
  EXPECT_TRUE(is_cleared(statement("pkg:npm/lodash@4.17.20")));
  EXPECT_TRUE(is_cleared(statement("pkg:npm/lodash")));
  EXPECT_TRUE(is_cleared(statement("lodash")));
  EXPECT_FALSE(is_cleared(statement("pkg:npm/lodash@4.17.19")));
  EXPECT_FALSE(is_cleared(statement("pkg:pypi/lodash")));
  EXPECT_FALSE(is_cleared(statement("pkg:npm/lodash-es")));
  EXPECT_FALSE(is_cleared(statement("pkg:npm/lodash", "", "CVE-2024-2")));
  EXPECT_FALSE(is_cleared(statement("")));
}

TEST(Vex, ClearsPartsOfTheReleasedImageOnly) {
  EXPECT_TRUE(is_cleared(statement("pkg:oci/shop", "pkg:npm/lodash")));
  EXPECT_TRUE(is_cleared(statement("pkg:oci/shop@" + kDigest, "pkg:npm/lodash")));
  EXPECT_TRUE(is_cleared(statement("pkg:docker/team/shop@v1.6.0", "pkg:npm/lodash")));
  EXPECT_TRUE(is_cleared(statement("shop", "pkg:npm/lodash")));
  EXPECT_TRUE(is_cleared(statement("pkg:oci/shop")));
  EXPECT_FALSE(is_cleared(statement("pkg:oci/other", "pkg:npm/lodash")));
  EXPECT_FALSE(is_cleared(statement("pkg:oci/shop@sha256:" + std::string(64, '9'), "pkg:npm/lodash")));
  EXPECT_FALSE(is_cleared(statement("pkg:docker/team/shop@v1.5.0", "pkg:npm/lodash")));
  EXPECT_FALSE(is_cleared(statement("pkg:oci/shop", "pkg:npm/left-pad")));
  EXPECT_FALSE(is_cleared(statement("pkg:oci/other")));
}

TEST(Vex, AnExcuseNeedsAReasonAndAFixDoesNot) {
  const auto clears = [](std::string_view status, std::string_view why) {
    VexStatement statement;
    set_status(statement, status, why);
    return statement.clears;
  };
  EXPECT_TRUE(clears("not_affected", "x"));
  EXPECT_TRUE(clears("false_positive", "x"));
  EXPECT_FALSE(clears("not_affected", " "));
  EXPECT_FALSE(clears("false_positive", ""));
  EXPECT_TRUE(clears("fixed", ""));
  EXPECT_TRUE(clears("resolved", ""));
  for (const auto* status : {"affected", "under_investigation", "exploitable", "in_triage", ""})
    EXPECT_FALSE(clears(status, "x")) << status;
}

TEST(Vex, TheLatestWordCounts) {
  auto excuse = statement("pkg:npm/lodash");
  VexStatement later = excuse;
  set_status(later, "affected", "");
  excuse.at = Time(1h);
  later.at = Time(2h);
  auto found = lodash();
  Vex({later, excuse}).apply(kReleased, found);
  EXPECT_EQ(found.standing, FindingState::found);
  excuse.at = Time(3h);
  Vex({excuse, later}).apply(kReleased, found);
  EXPECT_EQ(found.standing, FindingState::cleared);
  EXPECT_EQ(found.reason, "not_affected: component_not_present (vex.json)");
}

TEST(PackageNames, AreThoseThatScannersWrite) {
  EXPECT_TRUE(parse_package_name("pkg:npm/%40babel/core@7.0.0").is_called("@babel/core"));
  EXPECT_EQ(parse_package_name("pkg:npm/%40babel/core@7.0.0").version, "7.0.0");
  EXPECT_EQ(parse_package_name("pkg:npm/@babel/core").version, "");
  EXPECT_TRUE(parse_package_name("pkg:maven/org.apache/log4j@2?x=y#z").is_called("org.apache:log4j"));
  EXPECT_TRUE(parse_package_name("pkg:deb/debian/apt@2.6.1").is_called("apt"));
  EXPECT_TRUE(parse_package_name("pkg:golang/github.com/a/b@v1").is_called("github.com/a/b"));
  EXPECT_FALSE(parse_package_name("pkg:golang/github.com/a/b@v1").is_called("b"));
  EXPECT_FALSE(parse_package_name("").is_called(""));
  EXPECT_TRUE(parse_package_name("pkg:").name.empty());
  EXPECT_EQ(parse_package_name("pkg:npm/a%zz%").name, "a%zz%");
}

TEST(FindingsTest, AnAliasInTheSamePackageIsTheSameFinding) {
  Findings findings;
  findings.add(lodash());
  findings.add({.id = "CVE-2024-1", .package = "lodash", .fixed = "4.17.21", .severity = Severity::high});
  ASSERT_EQ(findings.found().size(), 1U);
  EXPECT_EQ(findings.found()[0].severity, Severity::critical);
  EXPECT_EQ(findings.found()[0].fixed, "4.17.21");
  findings.add({.id = "CVE-2024-1", .package = "other", .severity = Severity::high});
  EXPECT_EQ(findings.count(Severity::high), 1);
}

TEST(FindingsTest, WhatOneReportCountsCounts) {
  auto cleared = lodash();
  cleared.standing = FindingState::cleared;
  for (const bool is_first : {true, false}) {
    Findings findings;
    if (is_first) findings.add(cleared);
    findings.add(lodash());
    if (!is_first) findings.add(cleared);
    EXPECT_EQ(findings.count(Severity::critical), 1);
    EXPECT_TRUE(findings.set_aside().empty());
  }
  Findings alone;
  alone.add(cleared);
  EXPECT_EQ(alone.count(Severity::critical), 0);
  EXPECT_EQ(alone.set_aside().size(), 1U);
}

TEST(FindingsTest, OneScannersSilenceTakesNothingFromAnother) {
  Findings findings;
  findings.add({.id = "CVE-1", .package = "p", .severity = Severity::unknown});
  findings.add({.id = "CVE-1", .package = "p", .severity = Severity::low});
  EXPECT_EQ(findings.count(Severity::unknown), 0);
  EXPECT_EQ(findings.count(Severity::low), 1);
}

TEST(Severities, HaveTheWordsAndBandsOfTheirTools) {
  EXPECT_EQ(severity_from("CRITICAL"), Severity::critical);
  EXPECT_EQ(severity_from("Important"), Severity::high);
  EXPECT_EQ(severity_from("moderate"), Severity::medium);
  EXPECT_EQ(severity_from("Negligible"), Severity::negligible);
  EXPECT_EQ(severity_from("UNKNOWN"), Severity::unknown);
  EXPECT_EQ(severity_from(""), Severity::unknown);
  EXPECT_EQ(severity_of_score("9.0"), Severity::critical);
  EXPECT_EQ(severity_of_score("8.9"), Severity::high);
  EXPECT_EQ(severity_of_score("7.0"), Severity::high);
  EXPECT_EQ(severity_of_score("6.9"), Severity::medium);
  EXPECT_EQ(severity_of_score("3.9"), Severity::low);
  EXPECT_EQ(severity_of_score("0"), Severity::negligible);
  for (const auto* none : {"", "x", "11", "-1", "nan", "9.8 "})
    EXPECT_EQ(severity_of_score(none), Severity::unknown) << none;
}

}  // namespace
}  // namespace baton::precheck
