// Snyk's JSON: of snyk test and snyk container test, one project or several.
#include <array>

#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/security_report.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kHint = "Run snyk test --json again, and look at what it says.";

bool is_project(const JsonHead& head, const std::string& begin) {
  const auto has = [&](std::string_view member) { return head.has(begin + std::string(member)); };
  const bool is_found = has("vulnerabilities") && (has("dependencyCount") || has("packageManager") || has("ok"));
  return is_found || (has("ok") && has("error")) || has("vulnerabilities/*/semver") ||
         has("vulnerabilities/*/CVSSv3") || has("vulnerabilities/*/packageName");
}

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  return is_project(head, "") || is_project(head, "*/");
}

/// One project: below its item where there are several, at the root where it is the only one.
struct Project {
  bool has_list = false;
  bool is_vulnerable = false;  ///< it lists something
  Json ok = {};
  Json count = {};  ///< of dependencies
};

struct Tally {
  SecurityReport report;
  std::map<std::string, Project> projects = {};

  Project& project(const JsonPlace& at, std::size_t steps) {
    return projects[join(std::span(at).first(at.size() - steps), "/")];
  }

  void add(const Json& found, FindingState standing, const std::string& reason) {
    if (found["type"] == Json("license")) return;
    Vulnerability vulnerability{.id = brief(found["id"]),
                                .package = brief(found["packageName"]),
                                .version = brief(found["version"]),
                                .fixed = join(texts_of(found["fixedIn"]), ", "),
                                .severity = severity_from(brief(found["severity"])),
                                .standing = standing,
                                .reason = reason};
    if (vulnerability.package.empty()) vulnerability.package = brief(found["moduleName"]);
    for (const auto* kind : {"CVE", "GHSA"}) {
      for (auto& alias : texts_of(found["identifiers"][kind])) vulnerability.aliases.push_back(std::move(alias));
    }
    if (vulnerability.id.empty()) refuse_report(report.name, "a vulnerability of it has no id");
    report.add(std::move(vulnerability));
  }

  /// Of `snyk ignore`, with what a person wrote there.
  void add_ignored(const Json& found) {
    const auto& rules = found["filtered"]["ignored"];
    std::string reason;
    for (const auto& rule : rules.items_or_none()) {
      if (reason.empty()) reason = brief(rule["reason"]);
    }
    if (reason == "None Given") reason.clear();  // what Snyk writes for nothing
    add(found, reason.empty() ? FindingState::found : FindingState::ignored, "ignored: " + reason);
  }

  void threshold(const Json& threshold) {
    if (threshold == Json("critical"))
      report.gaps.emplace_back("Snyk listed only critical ones (--severity-threshold)");
  }
};

struct Paths {
  std::string_view list, items, ignored, ok, count, error, threshold, name;
};
constexpr std::array kPaths = {
    Paths{"vulnerabilities/", "vulnerabilities/*", "filtered/ignore/*", "ok", "dependencyCount", "error",
          "severityThreshold", "projectName"},
    Paths{"*/vulnerabilities/", "*/vulnerabilities/*", "*/filtered/ignore/*", "*/ok", "*/dependencyCount", "*/error",
          "*/severityThreshold", "*/projectName"},
    Paths{"applications/*/vulnerabilities/", "applications/*/vulnerabilities/*", "applications/*/filtered/ignore/*",
          "applications/*/ok", "applications/*/dependencyCount", "applications/*/error",
          "applications/*/severityThreshold", "applications/*/projectName"}};

void add_parts(std::vector<JsonPart>& parts, Tally& tally, const Paths& paths) {
  parts.push_back(
      {paths.list, [&](const Json& list, const JsonPlace& at) { tally.project(at, 1).has_list = list.is_array(); }});
  parts.push_back({paths.items, [&](const Json& found, const JsonPlace& at) {
                     tally.project(at, 2).is_vulnerable = true;
                     tally.add(found, FindingState::found, "");
                   }});
  parts.push_back({paths.ignored, [&](const Json& found, const JsonPlace&) { tally.add_ignored(found); }});
  parts.push_back({paths.ok, [&](const Json& ok, const JsonPlace& at) { tally.project(at, 1).ok = ok; }});
  parts.push_back({paths.count, [&](const Json& count, const JsonPlace& at) { tally.project(at, 1).count = count; }});
  parts.push_back({paths.error, [&](const Json& error, const JsonPlace&) {
                     refuse_report(tally.report.name, "Snyk could not test it: '" + brief(error) + "'",
                                   std::string(kHint));
                   }});
  parts.push_back({paths.threshold, [&](const Json& value, const JsonPlace&) { tally.threshold(value); }});
  parts.push_back({paths.name, [&](const Json& value, const JsonPlace&) {
                     if (tally.report.artifact.empty()) tally.report.artifact = brief(value);
                   }});
}

void require_tested(const std::string& name, const Project& project) {
  if (!project.has_list) refuse_report(name, "a project of it lists no vulnerabilities", std::string(kHint));
  if (project.count == Json(0)) refuse_report(name, "Snyk found no dependencies in a project", std::string(kHint));
  if (project.ok == Json(false) && !project.is_vulnerable)
    refuse_report(name, "it says of a project that it is not ok, and lists nothing", std::string(kHint));
}

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.report = {.name = std::string(name), .scanners = {"Snyk"}}};
  std::vector<JsonPart> parts;
  for (const auto& paths : kPaths) add_parts(parts, tally, paths);
  parts.push_back(
      {"docker/imageId", [&](const Json& value, const JsonPlace&) { tally.report.add_digest(brief(value)); }});
  parse_json_parts(bytes, name, parts);
  if (tally.projects.empty()) refuse_report(name, "it is about no project", std::string(kHint));
  bool is_counted = true;
  for (const auto& [place, project] : tally.projects) {
    require_tested(tally.report.name, project);
    is_counted = is_counted && (project.count.is_integer() || project.is_vulnerable);
  }
  if (is_counted) tally.report.scanned = Scanned::something;
  return read_as(std::move(tally.report));
}

}  // namespace

extern const Format snyk{.id = "snyk", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
