// The three checks that ask what scanners found: the quality gate, the dependencies, the image.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/core/finding_text.h"
#include "tests/precheck/scene.h"
#include "tests/support/http_server.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;

/// A Trivy report of these vulnerabilities; `more` are further members of it.
std::string trivy_of(const std::string& vulnerabilities, const std::string& more = "") {
  return R"({"SchemaVersion": 2, "ArtifactName": "shop", "Results": [{"Target": "a", "Class": "lang-pkgs", "Vulnerabilities": [)" +
         vulnerabilities + "]}]" + more + "}";
}
std::string found(const std::string& id, const std::string& severity, const std::string& fixed = "") {
  return fmt::format(
      R"({{"VulnerabilityID": "{}", "PkgName": "openssl", "InstalledVersion": "1.1", "FixedVersion": "{}", "Severity": "{}"}})",
      id, fixed, severity);
}
std::string several(int count, const std::string& severity) {
  std::string all;
  for (int i = 0; i < count; ++i) all += (i == 0 ? "" : ",") + found("CVE-" + std::to_string(i), severity);
  return all;
}

struct Asked {
  std::string check = "vulnerabilities";
  std::string limits = "";
  Duration age = Duration{0};
  std::string vex = "";  ///< a document's text
};

Checked ask(const std::vector<std::string>& texts, const Asked& asked = {}) {
  std::vector<std::unique_ptr<WrittenFile>> files;
  std::string list;
  for (const auto& text : texts) {
    files.push_back(std::make_unique<WrittenFile>("report.json", text));
    list += (list.empty() ? "'" : ", '") + files.back()->path() + "'";
  }
  const WrittenFile vex("vex.json", asked.vex);
  const auto vex_key = asked.vex.empty() ? "" : ", vex: ['" + vex.path() + "']";
  EnvScene scene("image: registry.example.com/shop\nprecheck:\n  quality: {vulnerabilities: {reports: [" + list + "]" +
                 asked.limits + vex_key + "}}\n  security: {dependencies: [" + list + "]}\n");
  files.back()->age_in(scene, asked.age);
  return run_in(scene, {.only = {asked.check}});
}
Finding finding_in(const std::vector<std::string>& texts, const Asked& asked = {}) {
  return finding_of(ask(texts, asked), asked.check);
}
Outcome outcome_in(const std::vector<std::string>& texts, const Asked& asked = {}) {
  return finding_in(texts, asked).outcome;
}
bool says(const Finding& finding, const std::string& part) { return finding.message.find(part) != std::string::npos; }

// SOP 1.1: 0 P0/P1 vulnerabilities.
TEST(VulnerabilitiesCheck, OneCriticalOrHighOneFails) {
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-1", "MEDIUM"))}), Outcome::pass);
  EXPECT_EQ(outcome_in({trivy_of("")}), Outcome::pass);
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-1", "HIGH"))}), Outcome::fail);
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-1", "CRITICAL"))}), Outcome::fail);
}

TEST(VulnerabilitiesCheck, TheLimitsAreTheMostThatPass) {
  const Asked asked{.limits = ", max_critical: 1, max_high: 2"};
  EXPECT_EQ(outcome_in({trivy_of(several(1, "CRITICAL"))}, asked), Outcome::pass);
  EXPECT_EQ(outcome_in({trivy_of(several(2, "CRITICAL"))}, asked), Outcome::fail);
  EXPECT_EQ(outcome_in({trivy_of(several(2, "HIGH"))}, asked), Outcome::pass);
  EXPECT_EQ(outcome_in({trivy_of(several(3, "HIGH"))}, asked), Outcome::fail);
  EXPECT_EQ(finding_in({trivy_of("")}, asked).expected.text(), "at most 1 critical, 2 high vulnerabilities");
}

TEST(VulnerabilitiesCheck, SaysHowManyWhichAndWhatMendsThem) {
  const auto finding = finding_in({trivy_of(found("CVE-1", "CRITICAL", "1.2") + "," + found("CVE-2", "HIGH"))});
  EXPECT_EQ(
      finding_line(finding),
      "Security: 2 P0/P1 vulnerabilities (expected 0 P0/P1 vulnerabilities); 1 critical, 1 high, 0 medium, 0 low, "
      "0 negligible, 0 unknown: CVE-1 in openssl 1.1 (critical, fixed in 1.2), CVE-2 in openssl 1.1 (high, no fix "
      "is known); by Trivy");
  ASSERT_EQ(finding.recovery.size(), 3U);
  EXPECT_EQ(finding.recovery[0], "Upgrade openssl 1.1 to 1.2 (CVE-1)");
  EXPECT_TRUE(finding.recovery[1].starts_with("Replace openssl or mend it; if CVE-2")) << finding.recovery[1];
}

TEST(VulnerabilitiesCheck, NamesAFewOfMany) {
  const auto finding = finding_in({trivy_of(several(9, "HIGH"))});
  EXPECT_TRUE(says(finding, "9 high")) << finding.message;
  EXPECT_TRUE(says(finding, "and 4 more")) << finding.message;
  EXPECT_EQ(finding.recovery.size(), 6U);
}

TEST(VulnerabilitiesCheck, AnUnknownSeverityWarns) {
  const auto finding = finding_in({trivy_of(found("CVE-1", "UNKNOWN"))});
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_TRUE(says(finding, "CVE-1 in openssl 1.1 (unknown")) << finding.message;
}

TEST(VulnerabilitiesCheck, ReportsAreJoined) {
  const auto finding = finding_in({trivy_of(found("CVE-1", "HIGH")), trivy_of(found("CVE-1", "CRITICAL"))});
  EXPECT_EQ(finding.observed, Measured(1, "P0/P1 vulnerabilities"));
  EXPECT_TRUE(says(finding, "1 critical, 0 high")) << finding.message;
  EXPECT_EQ(outcome_in({trivy_of(""), "null"}), Outcome::unknown);
}

TEST(VulnerabilitiesCheck, AnOldReportIsUnknown) {
  EXPECT_EQ(outcome_in({trivy_of("")}, {.age = 24h}), Outcome::pass);
  EXPECT_EQ(outcome_in({trivy_of("")}, {.age = 24h + 1s}), Outcome::unknown);
  const auto own = finding_in({trivy_of("", R"(, "CreatedAt": "2024-01-01T00:00:00Z")")});
  EXPECT_EQ(own.outcome, Outcome::unknown);
  EXPECT_TRUE(says(own, "by its own time stamp")) << own.message;
}

TEST(VulnerabilitiesCheck, AnOldDatabaseWarns) {
  const auto outcome_with = [](Duration age) {
    const WrittenFile stamp("now", "");
    const auto built = to_rfc3339(stamp.written() - age);
    return finding_in(
        {R"({"matches": [], "source": {}, "distro": {"name": "debian"}, "descriptor": {"db": {"built": ")" + built +
         "\"}}}"});
  };
  EXPECT_EQ(outcome_with(5 * 24h - 1min).outcome, Outcome::pass);
  const auto old = outcome_with(5 * 24h + 1min);
  EXPECT_EQ(old.outcome, Outcome::warn);
  EXPECT_TRUE(says(old, "was made with a database of")) << old.message;
}

TEST(VulnerabilitiesCheck, AnEndedSystemAndASilentScanWarn) {
  const auto ended =
      finding_in({trivy_of("", R"(, "Metadata": {"OS": {"Family": "debian", "Name": "9", "EOSL": true}})")});
  EXPECT_EQ(ended.outcome, Outcome::warn);
  EXPECT_TRUE(says(ended, "debian 9 gets no more fixes")) << ended.message;
  const auto silent = finding_in({R"({"matches": [], "source": {}, "descriptor": {"name": "grype"}})"});
  EXPECT_EQ(silent.outcome, Outcome::warn);
  EXPECT_TRUE(says(silent, "does not say that there was anything to scan")) << silent.message;
}

TEST(VulnerabilitiesCheck, WhatTheScannerCouldNotLookAtIsUnknownUnlessItFails) {
  const auto with = [](const std::string& list) {
    return outcome_in(
        {R"({"ok": false, "dependencyCount": 9, "severityThreshold": "critical", "vulnerabilities": [)" + list + "]}"});
  };
  EXPECT_EQ(with(R"({"id": "S-1", "severity": "low", "packageName": "p"})"), Outcome::unknown);
  EXPECT_EQ(with(R"({"id": "S-1", "severity": "critical", "packageName": "p"})"), Outcome::fail);
}

std::string openvex_of(const std::string& status, const std::string& why) {
  return R"({"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2020-01-01T00:00:00Z", "statements": [{"vulnerability": {"name": "CVE-1"},
    "products": [{"@id": "pkg:oci/shop", "subcomponents": [{"@id": "openssl"}]}], "status": ")" +
         status + R"(", "justification": ")" + why + "\"}]}";
}

TEST(VulnerabilitiesCheck, VexClearsWithAReasonAndSaysIt) {
  const std::vector reports{trivy_of(found("CVE-1", "CRITICAL"))};
  const auto cleared = finding_in(reports, {.vex = openvex_of("not_affected", "component_not_present")});
  EXPECT_EQ(cleared.outcome, Outcome::pass) << cleared.message;
  EXPECT_TRUE(says(cleared, "1 not counted: CVE-1 in openssl (critical): not_affected: component_not_present"))
      << cleared.message;
  EXPECT_EQ(cleared.files.size(), 2U) << "VEX is evidence too, however old";
  EXPECT_EQ(outcome_in(reports, {.vex = openvex_of("not_affected", "")}), Outcome::fail);
  EXPECT_EQ(outcome_in(reports, {.vex = openvex_of("under_investigation", "x")}), Outcome::fail);
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-2", "CRITICAL"))}, {.vex = openvex_of("not_affected", "x")}),
            Outcome::fail);
  EXPECT_EQ(outcome_in(reports, {.vex = "{}"}), Outcome::unknown);
}

TEST(VulnerabilitiesCheck, CycloneDxAsVexClearsToo) {
  const auto vex =
      R"({"bomFormat": "CycloneDX", "vulnerabilities": [{"id": "CVE-1", "analysis": {"state": "false_positive", "detail": "another product"},
    "affects": [{"ref": "pkg:deb/debian/openssl@1.1"}]}]})";
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-1", "CRITICAL"))}, {.vex = vex}), Outcome::pass);
}

TEST(VulnerabilitiesCheck, VexAloneIsNoScan) {
  const auto vex = R"({"@context": "https://openvex.dev/ns/v0.2.0", "statements": []})";
  const auto finding = finding_in({vex});
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_TRUE(says(finding, "no report is of a scan")) << finding.message;
}

// Decisions 22: P0/P1 cannot be waived; what was waived outside of Baton is at best caution.
TEST(VulnerabilitiesCheck, AnIgnoredSeriousOneWarns) {
  const auto ignored = [](const std::string& severity, const std::string& why) {
    auto report = trivy_of("");
    return report.insert(
        report.find("\"Vulnerabilities\""),
        R"("ExperimentalModifiedFindings": [{"Type": "vulnerability", "Status": "ignored", "Statement": ")" + why +
            R"(", "Finding": )" + found("CVE-1", severity) + "}], ");
  };
  EXPECT_EQ(outcome_in({ignored("HIGH", "no input reaches it")}), Outcome::warn);
  EXPECT_EQ(outcome_in({ignored("MEDIUM", "no input reaches it")}), Outcome::pass);
  EXPECT_EQ(outcome_in({ignored("HIGH", "")}), Outcome::fail);
}

const std::string kBandit =
    R"({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Bandit"}}, "results": []}]})";

// SOP 1.5: npm audit, Snyk.
TEST(DependencyScan, AsksWhatLooksAtPackages) {
  EXPECT_EQ(outcome_in({trivy_of("")}, {.check = "dependency-scan"}), Outcome::pass);
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-1", "UNKNOWN"))}, {.check = "dependency-scan"}), Outcome::warn);
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-1", "HIGH"))}, {.check = "dependency-scan"}), Outcome::fail);
  EXPECT_EQ(outcome_in({kBandit}), Outcome::pass);
  const auto code = finding_in({kBandit}, {.check = "dependency-scan"});
  EXPECT_EQ(code.outcome, Outcome::unknown);
  EXPECT_TRUE(says(code, "Bandit looks at code")) << code.message;
}

TEST(DependencyScan, KnowsNoLimitBesideZero) {
  const Asked asked{.check = "dependency-scan", .limits = ", max_critical: 5, max_high: 5"};
  EXPECT_EQ(outcome_in({trivy_of(found("CVE-1", "HIGH"))}, asked), Outcome::fail);
}

TEST(DependencyScan, SaysWhichKeyIsMissing) {
  EnvScene scene("precheck: {quality: {vulnerabilities: {reports: [x.json]}}}");
  const auto finding = look_at(scene, "dependency-scan");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_EQ(finding.message, "not configured: precheck.security.dependencies");
}

/// A registry with an index of two images and an attestation.
class ImageScan : public testing::Test {
 protected:
  static std::string digest_of(const std::string& body) { return "sha256:" + sha256_hex(body); }
  static std::string image_with(char config) {
    return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"digest":"sha256:)" +
           std::string(64, config) + R"(","size":2},"layers":[{"digest":"sha256:)" + std::string(64, 'f') +
           R"(","size":10}]})";
  }
  static std::string entry(const std::string& body, const std::string& os, const std::string& architecture) {
    return R"({"digest":")" + digest_of(body) + R"(","platform":{"os":")" + os + R"(","architecture":")" +
           architecture + "\"}}";
  }
  const std::string amd64 = image_with('a');
  const std::string arm64 = image_with('b');
  const std::string attestation = image_with('c');
  const std::string index =
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
      entry(amd64, "linux", "amd64") + "," + entry(arm64, "linux", "arm64") + "," +
      entry(attestation, "unknown", "unknown") + "]}";

  Checked check(const std::string& report, const std::string& id = "image-scan") {
    test::HttpServer registry([&](const test::Received& request) {
      for (const auto& body : {amd64, arm64, index}) {
        if (request.target.ends_with(digest_of(body))) return test::Answer{.body = body};
      }
      if (request.target.ends_with("/v1.6.0")) return test::Answer{.body = index};
      return test::Answer{.status = 404, .body = R"({"errors":[]})"};
    });
    const WrittenFile file("image.json", report);
    EnvScene scene("image: 127.0.0.1:" + std::to_string(registry.port()) + "/shop\nprecheck: {security: {image: ['" +
                   file.path() + "'], dependencies: ['" + file.path() + "']}, quality: {vulnerabilities: {reports: ['" +
                   file.path() + "']}}}");
    file.age_in(scene);
    return run_in(scene, {.only = {id}});
  }
  Finding finding(const std::string& report) { return finding_of(check(report), "image-scan"); }
  static std::string named(const std::string& metadata, const std::string& list = "") {
    return trivy_of(list, R"(, "Metadata": {)" + metadata + "}");
  }
};

TEST_F(ImageScan, TakesEveryDigestThatTheReleasesImageHas) {
  for (const auto& digest : {digest_of(index), digest_of(amd64), digest_of(arm64)}) {
    const auto checked = check(named(R"("RepoDigests": ["127.0.0.1/shop@)" + digest + "\"]"));
    const auto seen = finding_of(checked, "image-scan");
    EXPECT_EQ(seen.outcome, Outcome::pass) << seen.message;
    ASSERT_EQ(checked.evidence.size(), 1U);
    EXPECT_EQ(checked.evidence[0].about, digest);
    EXPECT_EQ(checked.evidence[0].kind, "trivy");
  }
  EXPECT_EQ(finding(named(R"("ImageID": "sha256:)" + std::string(64, 'b') + "\"")).outcome, Outcome::pass);
}

TEST_F(ImageScan, RefusesAReportOfAnotherImage) {
  const auto other = finding(named(R"("ImageID": "sha256:)" + std::string(64, 'd') + "\""));
  EXPECT_EQ(other.outcome, Outcome::unknown);
  EXPECT_TRUE(says(other, "it is about another image, sha256:dddd")) << other.message;
  EXPECT_TRUE(says(other, digest_of(index))) << other.message;
  EXPECT_EQ(finding(named(R"("ImageID": "sha256:)" + std::string(64, 'c') + "\"")).outcome, Outcome::unknown)
      << "an attestation is no image";
  const auto silent = finding(trivy_of(""));
  EXPECT_EQ(silent.outcome, Outcome::unknown);
  EXPECT_TRUE(says(silent, "does not say of which image it is")) << silent.message;
  EXPECT_EQ(finding(named(R"("RepoTags": ["127.0.0.1/shop:v1.6.0"])")).outcome, Outcome::unknown) << "a tag moves";
  EXPECT_EQ(finding(kBandit).outcome, Outcome::unknown);
}

TEST_F(ImageScan, NoOtherCheckTakesAReportOfAnotherImageEither) {
  const auto about = [](char digit) { return named(R"("ImageID": "sha256:)" + std::string(64, digit) + "\""); };
  for (const auto* id : {"vulnerabilities", "dependency-scan"}) {
    EXPECT_EQ(finding_of(check(about('d'), id), id).outcome, Outcome::unknown) << id;
    EXPECT_EQ(finding_of(check(about('a'), id), id).outcome, Outcome::pass) << id;
  }
}

TEST_F(ImageScan, FailsAndWarnsByWhatWasFound) {
  const auto about = R"("ImageID": "sha256:)" + std::string(64, 'a') + "\"";
  EXPECT_EQ(finding(named(about, found("CVE-1", "CRITICAL"))).outcome, Outcome::fail);
  EXPECT_EQ(finding(named(about, found("CVE-1", "UNKNOWN"))).outcome, Outcome::warn);
  EXPECT_EQ(finding(named(about, found("CVE-1", "MEDIUM"))).outcome, Outcome::pass);
}

TEST(ImageScanCheck, IsUnknownWithoutARegistry) {
  const WrittenFile file("image.json", trivy_of(""));
  EnvScene scene("image: 127.0.0.1:1/shop\nprecheck: {security: {image: ['" + file.path() + "']}}");
  file.age_in(scene);
  EXPECT_EQ(look_at(scene, "image-scan").outcome, Outcome::unknown);
}

}  // namespace
}  // namespace baton::precheck
