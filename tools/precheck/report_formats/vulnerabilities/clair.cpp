// Clair v4: the report of its matcher, as the API and clairctl --out json give it.
#include <map>

#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/security_report.h"

namespace baton::precheck {
namespace {

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  return head.has("manifest_hash") || head.has("package_vulnerabilities");
}

/// Its tables, which refer to each other by number and stand in any order.
struct Tables {
  SecurityReport report;
  std::map<std::string, std::pair<std::string, std::string>> packages = {};  ///< name and version
  std::map<std::string, Vulnerability> vulnerabilities = {};
  std::vector<std::pair<std::string, std::string>> pairs = {};  ///< package and vulnerability
  bool has_pairs = false;

  void vulnerability(const Json& value, const std::string& number) {
    Vulnerability found{.id = brief(value["name"]), .fixed = brief(value["fixed_in_version"])};
    found.severity = severity_from(brief(value["normalized_severity"]));
    if (found.severity == Severity::unknown) found.severity = severity_from(brief(value["severity"]));
    if (found.id.empty()) refuse_report(report.name, "a vulnerability of it has no name");
    vulnerabilities[number] = std::move(found);
  }

  void pair(const Json& numbers, const std::string& package) {
    for (const auto& number : numbers.items_or_none())
      pairs.emplace_back(package, number.is_integer() ? std::to_string(number.integer()) : brief(number));
  }

  void join_tables() {
    for (const auto& [package, number] : pairs) {
      const auto found = vulnerabilities.find(number);
      if (found == vulnerabilities.end())
        refuse_report(report.name, "it names a vulnerability that it does not describe");
      auto vulnerability = found->second;
      if (const auto known = packages.find(package); known != packages.end()) {
        vulnerability.package = known->second.first;
        vulnerability.version = known->second.second;
      }
      report.add(std::move(vulnerability));
    }
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Tables tables{.report = {.name = std::string(name), .scanned = Scanned::something, .scanners = {"Clair"}}};
  const std::vector<JsonPart> parts = {
      {"manifest_hash", [&](const Json& hash, const JsonPlace&) { tables.report.add_digest(brief(hash)); }},
      {"packages/*",
       [&](const Json& value, const JsonPlace& at) {
         tables.packages[at.back()] = {brief(value["name"]), brief(value["version"])};
       }},
      {"vulnerabilities/*", [&](const Json& value, const JsonPlace& at) { tables.vulnerability(value, at.back()); }},
      {"package_vulnerabilities/", [&](const Json& list, const JsonPlace&) { tables.has_pairs = list.is_object(); }},
      {"package_vulnerabilities/*", [&](const Json& numbers, const JsonPlace& at) { tables.pair(numbers, at.back()); }},
  };
  parse_json_parts(bytes, name, parts);
  if (!tables.has_pairs) refuse_report(name, "it does not say which package has which vulnerability");
  if (tables.packages.empty()) refuse_report(name, "Clair found no packages in the image");
  tables.join_tables();
  if (tables.pairs.empty() && !tables.vulnerabilities.empty())
    refuse_report(name, "it describes vulnerabilities and says of no package that it has one");
  return read_as(std::move(tables.report));
}

}  // namespace

extern const Format clair{.id = "clair", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
