// CycloneDX JSON with vulnerabilities. A bill of materials alone lists what is there, not what is wrong with it.
#include <map>

#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/package_name.h"
#include "tools/precheck/reports/stamp.h"
#include "tools/precheck/reports/vex.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kNoScan =
    "it is a bill of materials without vulnerabilities, as tools write it that looked for none";
constexpr std::string_view kNoScanHint =
    "Name the report of a scanner that reads it, such as trivy sbom or grype sbom: with --format json.";

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  return head.text("bomFormat") == "CycloneDX" ||
         head.text("$schema").find("cyclonedx.org/schema/bom") != std::string_view::npos;
}

/// Several sources rate it: the worst one counts. A number where there is no word.
Severity severity_of(const Json& vulnerability) {
  auto severity = Severity::unknown;
  for (const auto& rating : vulnerability["ratings"].items_or_none()) {
    auto rated = severity_from(brief(rating["severity"]));
    const auto& score = rating["score"];
    const bool is_cvss = brief(rating["method"]).starts_with("CVSS");
    if (rated == Severity::unknown && score.is_number() && is_cvss) rated = severity_of_score(score.number());
    severity = worse(severity, rated);
  }
  return severity;
}

/// "urn:cdx:SERIAL/1#pkg%3Anpm/…", a link into another document, names the part behind the "#".
std::string local_ref(const std::string& ref) {
  if (!ref.starts_with("urn:cdx:") || ref.find('#') == std::string::npos) return ref;
  return replace_all(replace_all(ref.substr(ref.find('#') + 1), "%3A", ":"), "%40", "@");
}

struct Component {
  std::string name = {};
  std::string version = {};
  std::string purl = {};
};

struct Tally {
  SecurityReport report;
  std::optional<Time> written = {};
  std::map<std::string, Component> components = {};  ///< by their reference
  std::vector<Json> vulnerabilities = {};            ///< only what is needed of each

  void component(const Json& json) {
    const auto space = brief(json["group"]);
    Component component{.name = (space.empty() ? "" : space + "/") + brief(json["name"]),
                        .version = brief(json["version"]),
                        .purl = brief(json["purl"])};
    components[brief(json["bom-ref"])] = std::move(component);
    for (const auto& inner : json["components"].items_or_none()) this->component(inner);
  }

  /// The component that the document is about; scanners of images put the image's names into its properties.
  void subject(const Json& json) {
    component(json);
    report.artifact = named_version(json["name"], json["version"]);
    report.add_digest(brief(json["version"]));
    report.add_digest(parse_package_name(brief(json["purl"])).version);
    for (const auto& property : json["properties"].items_or_none()) {
      const auto key = brief(property["name"]);
      if (key.ends_with(":RepoDigest") || key.ends_with(":ImageID") || key.ends_with(":repoDigest"))
        report.add_digest(brief(property["value"]));
    }
  }

  /// A list of tools, or since 1.5 their components.
  void tools(const Json& tools) {
    const auto& list = tools.is_object() ? tools["components"] : tools;
    for (const auto& tool : list.items_or_none()) {
      if (auto name = named_version(tool["name"], tool["version"]); !name.empty())
        report.scanners.push_back(std::move(name));
    }
  }

  void vulnerability(const Json& json) {
    if (vulnerabilities.size() > 100'000) refuse_report(report.name, "it has more than 100000 vulnerabilities");
    vulnerabilities.push_back(Json::object({{"id", json["id"]},
                                            {"references", json["references"]},
                                            {"severity", Json(severity_name(severity_of(json)))},
                                            {"analysis", json["analysis"]},
                                            {"recommendation", json["recommendation"]},
                                            {"affects", json["affects"]}}));
  }

  Vulnerability named(const Json& json, const std::string& ref) const {
    Vulnerability found{.id = brief(json["id"]), .severity = severity_from(json["severity"].string())};
    for (const auto& reference : json["references"].items_or_none()) found.aliases.push_back(brief(reference["id"]));
    const auto known = components.find(ref);
    const auto package = parse_package_name(known == components.end() ? ref : known->second.purl);
    found.purl = package.type.empty() ? "" : known == components.end() ? ref : known->second.purl;
    found.package = known == components.end() ? package.full_name() : known->second.name;
    found.version = known == components.end() ? package.version : known->second.version;
    if (found.package.empty()) found.package = ref;
    return found;
  }

  void finish(const Json& json) {
    const auto& analysis = json["analysis"];
    VexStatement statement{.source = report.name};
    auto why = brief(analysis["justification"]);
    if (why.empty()) why = brief(analysis["detail"]);
    set_status(statement, brief(analysis["state"]), why);
    auto refs = std::vector<std::string>{};
    for (const auto& affected : json["affects"].items_or_none()) refs.push_back(local_ref(brief(affected["ref"])));
    if (refs.empty()) refs.emplace_back();
    for (const auto& ref : refs) {
      auto found = named(json, ref);
      if (found.id.empty()) refuse_report(report.name, "a vulnerability of it has no id");
      if (statement.clears) {
        found.standing = FindingState::cleared;
        found.reason = statement.reason;
      }
      statement.ids = found.aliases;
      statement.ids.push_back(found.id);
      statement.products = {found.purl.empty() ? found.package : found.purl};
      report.add(statement);
      report.add(std::move(found));
    }
  }
};

std::vector<JsonPart> parts_of(Tally& tally) {
  return {
      {"metadata/timestamp", [&](const Json& stamp, const JsonPlace&) { tally.written = parse_stamp(brief(stamp)); }},
      {"metadata/component", [&](const Json& json, const JsonPlace&) { tally.subject(json); }},
      {"metadata/tools", [&](const Json& json, const JsonPlace&) { tally.tools(json); }},
      {"components/*", [&](const Json& json, const JsonPlace&) { tally.component(json); }},
      {"vulnerabilities/*", [&](const Json& json, const JsonPlace&) { tally.vulnerability(json); }},
  };
}

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.report = {.name = std::string(name), .scanned = Scanned::something}};
  const auto parts = parts_of(tally);
  parse_json_parts(bytes, name, parts);
  if (tally.vulnerabilities.empty()) refuse_report(name, std::string(kNoScan), std::string(kNoScanHint));
  for (const auto& json : tally.vulnerabilities) tally.finish(json);
  return read_as(std::move(tally.report), tally.written);
}

}  // namespace

extern const Format cyclonedx{
    .id = "cyclonedx", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
