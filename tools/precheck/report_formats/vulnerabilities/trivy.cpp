// Trivy JSON, of SchemaVersion 2 and the list without an envelope that came before it.
#include <array>

#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/security_report.h"
#include "tools/precheck/reports/stamp.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kNothing = "Trivy found nothing in it that it can look at";
constexpr std::string_view kNothingHint =
    "See that the scan was for vulnerabilities and of the right thing; where no scanner knows what is in it, say so in "
    "precheck.not_applicable.";

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  // "null" is what old ones wrote for no result at all.
  if (head.is_null()) return true;
  const bool is_old = head.has("*/Target") && (head.has("*/Vulnerabilities") || head.has("*/Type"));
  const bool is_cluster = head.has("ClusterName") && head.has("Resources");
  const bool is_new = head.has("ArtifactName") && (head.has("SchemaVersion") || head.has("ArtifactType") ||
                                                   head.has("Metadata") || head.has("Results"));
  return is_old || is_cluster || is_new || head.has("Results/*/Target");
}

/// "debian 9".
std::string system_of(const Json& os) { return named_version(os["Family"], os["Name"]); }

struct Tally {
  SecurityReport report;
  std::optional<Time> written = {};

  void add(const Json& found, FindingState standing = FindingState::found, const std::string& reason = {}) {
    Vulnerability vulnerability{.id = brief(found["VulnerabilityID"]),
                                .aliases = texts_of(found["VendorIDs"]),
                                .package = brief(found["PkgName"]),
                                .purl = brief(found["PkgIdentifier"]["PURL"]),
                                .version = brief(found["InstalledVersion"]),
                                .fixed = brief(found["FixedVersion"]),
                                .severity = severity_from(brief(found["Severity"])),
                                .standing = standing,
                                .reason = reason};
    if (vulnerability.id.empty()) refuse_report(report.name, "a vulnerability of it has no VulnerabilityID");
    report.scanned = Scanned::something;
    report.add(std::move(vulnerability));
  }

  /// A secret or a fault of configuration; `what` is never the secret itself.
  void add_other(const Json& id, const Json& severity, const Json& where) {
    report.scanned = Scanned::something;
    report.add({.id = brief(id), .package = brief(where), .severity = severity_from(brief(severity))});
  }

  /// .trivyignore says "ignored"; a VEX document one of VEX's words.
  void add_modified(const Json& modified) {
    if (modified["Type"] != Json("vulnerability")) return;
    const auto status = brief(modified["Status"]);
    const auto why = brief(modified["Statement"]);
    const bool is_open = status == "affected" || status == "under_investigation" || status == "unknown";
    const bool is_cleared = (status == "not_affected" && !why.empty()) || status == "fixed";
    auto standing = is_cleared ? FindingState::cleared : FindingState::ignored;
    if (is_open || (!is_cleared && why.empty())) standing = FindingState::found;
    add(modified["Finding"], standing, status + (why.empty() ? "" : ": " + why));
  }

  void metadata(const Json& metadata) {
    for (const auto& digest : texts_of(metadata["RepoDigests"])) report.add_digest(digest);
    report.add_digest(brief(metadata["ImageID"]));
    const auto& os = metadata["OS"];
    if (os["EOSL"] == Json(true)) report.end_of_life = system_of(os);
  }

  /// Secrets and configuration are other scans than that for vulnerabilities.
  void class_of(const Json& name) {
    if (name == Json("os-pkgs") || name == Json("lang-pkgs")) report.scanned = Scanned::something;
  }
};

/// What stands in one result, below `at`.
void add_parts(std::vector<JsonPart>& parts, Tally& tally, const std::array<std::string_view, 6>& paths) {
  parts.push_back({paths[0], [&](const Json& found, const JsonPlace&) { tally.add(found); }});
  parts.push_back({paths[1], [&](const Json& name, const JsonPlace&) { tally.class_of(name); }});
  parts.push_back({paths[2], [&](const Json& found, const JsonPlace&) { tally.add_modified(found); }});
  parts.push_back({paths[3], [&](const Json& found, const JsonPlace&) {
                     if (found["Status"] != Json("PASS"))
                       tally.add_other(found["ID"], found["Severity"], found["Type"]);
                   }});
  parts.push_back({paths[4], [&](const Json& found, const JsonPlace&) {
                     tally.add_other(found["RuleID"], found["Severity"], found["Category"]);
                   }});
  // Before there were classes, whatever had a target had been looked at.
  parts.push_back({paths[5], [&](const Json& found, const JsonPlace&) {
                     if (found.is_array() || found.is_null()) tally.report.scanned = Scanned::something;
                   }});
}

std::vector<JsonPart> parts_of(Tally& tally) {
  std::vector<JsonPart> parts;
  add_parts(parts, tally,
            {"Results/*/Vulnerabilities/*", "Results/*/Class", "Results/*/ExperimentalModifiedFindings/*",
             "Results/*/Misconfigurations/*", "Results/*/Secrets/*", "Results/*/Vulnerabilities/"});
  add_parts(parts, tally,
            {"*/Vulnerabilities/*", "*/Class", "*/ExperimentalModifiedFindings/*", "*/Misconfigurations/*",
             "*/Secrets/*", "*/Vulnerabilities/"});
  parts.push_back({"Metadata", [&](const Json& value, const JsonPlace&) { tally.metadata(value); }});
  parts.push_back({"ArtifactName", [&](const Json& value, const JsonPlace&) { tally.report.artifact = brief(value); }});
  parts.push_back(
      {"CreatedAt", [&](const Json& value, const JsonPlace&) { tally.written = parse_stamp(brief(value)); }});
  parts.push_back({"Trivy/Version", [&](const Json& value, const JsonPlace&) {
                     if (const auto version = brief(value); !version.empty())
                       tally.report.scanners = {"Trivy " + version};
                   }});
  parts.push_back({"ClusterName", [&](const Json&, const JsonPlace&) {
                     refuse_report(tally.report.name, "it is Trivy's report of a cluster, not of an image or a folder",
                                   "Scan the image: trivy image --format json.");
                   }});
  return parts;
}

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.report = {.name = std::string(name), .scanners = {"Trivy"}}};
  const auto parts = parts_of(tally);
  parse_json_parts(bytes, name, parts);
  if (tally.report.scanned == Scanned::unsaid) refuse_report(name, std::string(kNothing), std::string(kNothingHint));
  return read_as(std::move(tally.report), tally.written);
}

}  // namespace

extern const Format trivy{.id = "trivy", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
