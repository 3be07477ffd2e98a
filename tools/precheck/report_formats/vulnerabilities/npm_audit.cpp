// npm audit --json: of npm 7 and later by package, of npm 6 by advisory, and what npm writes when it could not ask.
#include <algorithm>
#include <set>

#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/security_report.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kHint = "Run npm audit --json again where the registry can be asked.";

bool is_error(const JsonHead& head) {
  return head.has("error/summary") || head.has("error/detail") || head.has("error/code") ||
         (head.has("message") && head.has("error") && !head.has("ok"));
}

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  return head.has("auditReportVersion") || (head.has("actions") && !head.has("vulnerabilities")) ||
         head.has("advisories") || is_error(head);
}

/// "GHSA-…" at the end of an advisory's address.
std::string advisory_of(const Json& url) {
  const auto address = brief(url);
  const auto last = address.substr(address.rfind('/') + 1);
  return last.starts_with("GHSA-") ? last : std::string{};
}

struct Tally {
  SecurityReport report;
  bool is_new = false;
  bool has_list = false;
  std::int64_t dependencies = -1;                           ///< -1: not said
  std::vector<Severity> claimed = {};                       ///< critical and high, where its summary counts any
  std::set<std::pair<std::string, std::string>> seen = {};  ///< advisory and package

  /// An advisory is listed at every package that depends on its own.
  void add_once(Vulnerability found) {
    if (found.id.empty()) refuse_report(report.name, "an advisory of it has no name");
    if (seen.emplace(found.id, found.package).second) report.add(std::move(found));
  }

  /// Of npm 7: who is affected by a package that is affected has only its name in `via`.
  void package(const Json& package) {
    const auto& fix = package["fixAvailable"];
    for (const auto& via : package["via"].items_or_none()) {
      if (!via.is_object()) continue;
      const auto named = advisory_of(via["url"]);
      const auto source =
          via["source"].is_integer() ? "npm-" + std::to_string(via["source"].integer()) : brief(via["source"]);
      add_once({.id = named.empty() ? source : named,
                .package = brief(via["name"]),
                .version = brief(via["range"]),
                .fixed = fix.is_object() ? named_version(fix["name"], fix["version"])
                                         : (fix == Json(true) ? "by npm audit fix" : ""),
                .severity = severity_from(brief(via["severity"]))});
    }
  }

  void advisory(const Json& advisory, const std::string& number) {
    const auto named = advisory_of(advisory["url"]);
    const auto given = brief(advisory["github_advisory_id"]);
    const auto id = !given.empty() ? given : !named.empty() ? named : "npm-" + number;
    add_once({.id = id,
              .aliases = texts_of(advisory["cves"]),
              .package = brief(advisory["module_name"]),
              .version = brief(advisory["vulnerable_versions"]),
              .fixed = brief(advisory["patched_versions"]),
              .severity = severity_from(brief(advisory["severity"]))});
  }

  void metadata(const Json& metadata) {
    const auto& counts = metadata["dependencies"];
    const auto& total = counts.is_object() ? counts["total"] : metadata["totalDependencies"];
    if (total.is_integer()) dependencies = total.integer();
    const auto& summary = metadata["vulnerabilities"];
    for (const auto severity : {Severity::critical, Severity::high}) {
      const auto& count = summary[severity_name(severity)];
      if (count.is_integer() && count.integer() > 0) claimed.push_back(severity);
    }
  }

  /// What is counted is listed: a package has the severity of an advisory.
  bool agrees() const {
    return std::ranges::all_of(claimed, [&](Severity severity) {
      return std::ranges::find(report.vulnerabilities, severity, &Vulnerability::severity) !=
             report.vulnerabilities.end();
    });
  }
};

std::vector<JsonPart> parts_of(Tally& tally) {
  const auto list = [&](const Json& value, const JsonPlace&) { tally.has_list = value.is_object(); };
  return {
      {"auditReportVersion", [&](const Json&, const JsonPlace&) { tally.is_new = true; }},
      {"vulnerabilities/", list},
      {"vulnerabilities/*", [&](const Json& value, const JsonPlace&) { tally.package(value); }},
      {"advisories/", list},
      {"advisories/*", [&](const Json& value, const JsonPlace& at) { tally.advisory(value, at.back()); }},
      {"metadata", [&](const Json& value, const JsonPlace&) { tally.metadata(value); }},
      {"error/",
       [&](const Json&, const JsonPlace&) {
         refuse_report(tally.report.name, "npm could not audit: it is the error that npm wrote", std::string(kHint));
       }},
  };
}

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.report = {.name = std::string(name)}};
  const auto parts = parts_of(tally);
  parse_json_parts(bytes, name, parts);
  auto& report = tally.report;
  if (!tally.has_list)
    refuse_report(name, "it lists no vulnerabilities and does not say that there are none", std::string(kHint));
  if (tally.dependencies == 0)
    refuse_report(name, "npm found no dependencies to audit", "Run npm audit where package-lock.json is.");
  if (!tally.agrees())
    refuse_report(name, "its summary counts vulnerabilities that it does not list", std::string(kHint));
  if (tally.dependencies > 0) report.scanned = Scanned::something;
  report.scanners = {tally.is_new ? "npm audit 2" : "npm audit 1"};
  return read_as(std::move(tally.report));
}

}  // namespace

extern const Format npm_audit{
    .id = "npm-audit", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
