// Grype JSON: matches of packages with vulnerabilities, and what its rules took out.
#include <algorithm>
#include <array>

#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/security_report.h"
#include "tools/precheck/reports/stamp.h"

namespace baton::precheck {
namespace {

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  return head.has("matches/*/vulnerability") || (head.has("matches") && head.has("descriptor")) ||
         (head.has("matches") && head.has("source")) || head.text("descriptor/name") == "grype";
}

// What Grype's own matchers say: the distribution has mended it, or says that the package never had it.
constexpr std::array<std::string_view, 3> kOwnReasons = {"DistroPackageFixed", "Explicit APK NAK",
                                                         "CPE not vulnerable"};
// Its own rules take out what is the kernel's and not its headers'.
constexpr std::array<std::string_view, 3> kHeaders = {"kernel-headers", "linux(-.*)?-headers-.*", "linux-libc-dev"};

bool is_own_rule(const Json& rule) {
  const auto holds = [](const auto& all, const std::string& text) { return std::ranges::find(all, text) != all.end(); };
  const bool is_of_headers =
      rule["match-type"] == Json("exact-indirect-match") && holds(kHeaders, brief(rule["package"]["name"]));
  return is_of_headers || holds(kOwnReasons, brief(rule["reason"]));
}

/// What the rules say; those of VEX have a status.
struct Ruled {
  FindingState standing = FindingState::found;
  std::string reason = {};
};

/// A rule without a reason is a wish: what it hides counts.
Ruled ruled(const Json& rules) {
  Ruled ruled;
  for (const auto& rule : rules.items_or_none()) {
    const auto status = brief(rule["vex-status"]);
    const auto justification = brief(rule["vex-justification"]);
    const auto reason = brief(rule["reason"]);
    const bool is_cleared = status == "fixed" || (status == "not_affected" && !justification.empty());
    if (is_cleared) return {FindingState::cleared, status + (justification.empty() ? "" : ": " + justification)};
    if (is_own_rule(rule))
      return {FindingState::cleared, "Grype: " + (reason.empty() ? "the kernel's, not of its headers" : reason)};
    if (!reason.empty()) ruled = {FindingState::ignored, "ignored: " + reason};
  }
  return ruled;
}

struct Tally {
  SecurityReport report;
  std::optional<Time> written = {};
  bool has_matches = false;
  std::string tool = "Grype";
  std::string version = {};

  void add(const Json& match) {
    const auto& vulnerability = match["vulnerability"];
    const auto& artifact = match["artifact"];
    const auto rules = ruled(match["appliedIgnoreRules"]);
    Vulnerability found{.id = brief(vulnerability["id"]),
                        .package = brief(artifact["name"]),
                        .purl = brief(artifact["purl"]),
                        .version = brief(artifact["version"]),
                        .fixed = join(texts_of(vulnerability["fix"]["versions"]), ", "),
                        .severity = severity_from(brief(vulnerability["severity"])),
                        .standing = rules.standing,
                        .reason = rules.reason};
    for (const auto& related : match["relatedVulnerabilities"].items_or_none())
      found.aliases.push_back(brief(related["id"]));
    if (found.id.empty()) refuse_report(report.name, "a match of it names no vulnerability");
    report.scanned = Scanned::something;
    report.add(std::move(found));
  }

  void source(const Json& source) {
    const auto& target = source["target"];
    if (target.is_string()) report.artifact = brief(target);
    if (!target.is_object()) return;
    report.artifact = brief(target["userInput"]);
    for (const auto& digest : texts_of(target["repoDigests"])) report.add_digest(digest);
    report.add_digest(brief(target["manifestDigest"]));
    report.add_digest(brief(target["imageID"]));
  }

  /// A distribution is known by its packages' database: there were packages to match.
  void distribution(const Json& distro) {
    if (!brief(distro["name"]).empty()) report.scanned = Scanned::something;
  }

  void database(const Json& db) {
    auto built = brief(db["built"]);
    if (built.empty()) built = brief(db["status"]["built"]);
    report.database = parse_stamp(built);
    if (db["status"]["valid"] == Json(false)) report.gaps.emplace_back("Grype's database was not valid");
  }

  void alerts(const Json& alerts) {
    for (const auto& alert : alerts.items_or_none()) {
      const auto system = named_version(alert["metadata"]["name"], alert["metadata"]["version"]);
      if (alert["type"] == Json("distro-eol")) report.end_of_life = system.empty() ? "its distribution" : system;
      if (alert["type"] == Json("distro-disabled") && report.gaps.empty())
        report.gaps.push_back("Grype knows nothing of the distribution " + system);
    }
  }
};

std::vector<JsonPart> parts_of(Tally& tally) {
  return {
      {"matches/", [&](const Json& list, const JsonPlace&) { tally.has_matches = list.is_array(); }},
      {"matches/*", [&](const Json& match, const JsonPlace&) { tally.add(match); }},
      {"ignoredMatches/*", [&](const Json& match, const JsonPlace&) { tally.add(match); }},
      {"source", [&](const Json& source, const JsonPlace&) { tally.source(source); }},
      {"distro", [&](const Json& distro, const JsonPlace&) { tally.distribution(distro); }},
      {"alertsByPackage/*/alerts", [&](const Json& alerts, const JsonPlace&) { tally.alerts(alerts); }},
      {"descriptor/db", [&](const Json& db, const JsonPlace&) { tally.database(db); }},
      {"descriptor/name", [&](const Json& name, const JsonPlace&) { tally.tool = brief(name); }},
      {"descriptor/version", [&](const Json& version, const JsonPlace&) { tally.version = brief(version); }},
      {"descriptor/timestamp", [&](const Json& stamp, const JsonPlace&) { tally.written = parse_stamp(brief(stamp)); }},
  };
}

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.report = {.name = std::string(name)}};
  const auto parts = parts_of(tally);
  parse_json_parts(bytes, name, parts);
  if (!tally.has_matches) refuse_report(name, "it has no list of matches, so Grype did not end its scan");
  tally.report.scanners = {tally.tool + (tally.version.empty() ? "" : " " + tally.version)};
  return read_as(std::move(tally.report), tally.written);
}

}  // namespace

extern const Format grype{.id = "grype", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
