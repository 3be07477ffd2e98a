// osv-scanner's JSON: packages by where they were found, with groups of ids that are one vulnerability each.
#include <algorithm>

#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/security_report.h"

namespace baton::precheck {
namespace {

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  const bool is_of_osv = head.has("experimental_config") || head.has("experimental_analysis_config");
  return head.has("results/*/packages") || (head.has("results") && is_of_osv) ||
         (head.has("results/*/source") && !head.has("results/*/check_id"));
}

/// Versions that mend it, as the OSV record has them of this package.
std::string fixes_of(const Json& record, const std::string& package) {
  std::vector<std::string> fixes;
  for (const auto& affected : record["affected"].items_or_none()) {
    if (brief(affected["package"]["name"]) != package) continue;
    for (const auto& range : affected["ranges"].items_or_none()) {
      if (range["type"] == Json("GIT")) continue;
      for (const auto& event : range["events"].items_or_none()) {
        auto fixed = brief(event["fixed"]);
        if (!fixed.empty() && std::ranges::find(fixes, fixed) == fixes.end()) fixes.push_back(std::move(fixed));
      }
    }
  }
  return join(fixes, ", ");
}

const Json* record_of(const Json& package, const std::string& id) {
  const auto& records = package["vulnerabilities"].items_or_none();
  const auto found = std::ranges::find_if(records, [&](const Json& record) { return record["id"] == Json(id); });
  return found == records.end() ? nullptr : &*found;
}

/// The group's number, else the words of its records.
Severity severity_of(const Json& group, const Json& package, const std::vector<std::string>& ids) {
  auto severity = severity_of_score(brief(group["max_severity"]));
  for (const auto& id : ids) {
    const auto* record = record_of(package, id);
    if (record != nullptr) severity = worse(severity, severity_from(brief((*record)["database_specific"]["severity"])));
  }
  return severity;
}

struct Tally {
  SecurityReport report;
  bool has_list = false;

  void add_group(const Json& group, const Json& package) {
    const auto ids = texts_of(group["ids"]);
    if (ids.empty()) refuse_report(report.name, "a group of it names no vulnerability");
    Vulnerability found{.id = ids.front(),
                        .aliases = ids,
                        .package = brief(package["package"]["name"]),
                        .version = brief(package["package"]["version"]),
                        .severity = severity_of(group, package, ids)};
    for (auto& alias : texts_of(group["aliases"])) found.aliases.push_back(std::move(alias));
    for (const auto& id : ids) {
      const auto* record = record_of(package, id);
      if (record != nullptr && found.fixed.empty()) found.fixed = fixes_of(*record, found.package);
    }
    report.add(std::move(found));
  }

  /// Old ones have no groups: then each vulnerability is one.
  void add_package(const Json& package) {
    report.scanned = Scanned::something;
    const auto& groups = package["groups"].items_or_none();
    for (const auto& group : groups) add_group(group, package);
    if (!groups.empty()) return;
    for (const auto& record : package["vulnerabilities"].items_or_none()) {
      Json group = Json::object({{"ids", Json::array({record["id"]})}, {"aliases", record["aliases"]}});
      add_group(group, package);
    }
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.report = {.name = std::string(name), .scanners = {"osv-scanner"}}};
  const std::vector<JsonPart> parts = {
      {"results/", [&](const Json& list, const JsonPlace&) { tally.has_list = list.is_array(); }},
      {"results/*/packages/*", [&](const Json& package, const JsonPlace&) { tally.add_package(package); }},
  };
  parse_json_parts(bytes, name, parts);
  if (!tally.has_list) refuse_report(name, "it has no list of results");
  return read_as(std::move(tally.report));
}

}  // namespace

extern const Format osv_scanner{
    .id = "osv-scanner", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
