// OpenVEX: what somebody says of vulnerabilities in products. It is no scan.
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/stamp.h"
#include "tools/precheck/reports/vex.h"

namespace baton::precheck {
namespace {

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  return head.text("@context").find("openvex.dev/ns") != std::string_view::npos ||
         (head.has("statements/*/status") && head.has("statements/*/vulnerability"));
}

/// An "@id" and other identifiers of a product or part of one; before 0.2.0 a plain text.
void name_of(const Json& product, std::vector<std::string>& names) {
  for (const auto* text : {&product, &product["@id"], &product["identifiers"]["purl"]}) {
    if (auto name = brief(*text); !name.empty()) names.push_back(std::move(name));
  }
}

/// What they have in common.
VexStatement shared_of(const Json& json, std::string_view source) {
  VexStatement statement{.source = std::string(source), .at = parse_stamp(brief(json["timestamp"]))};
  const auto& vulnerability = json["vulnerability"];
  for (const auto* text : {&vulnerability, &vulnerability["name"], &vulnerability["@id"]}) {
    if (auto id = brief(*text); !id.empty()) statement.ids.push_back(std::move(id));
  }
  for (auto& alias : texts_of(vulnerability["aliases"])) statement.ids.push_back(std::move(alias));
  for (const auto& part : json["subcomponents"].items_or_none()) name_of(part, statement.packages);
  auto why = brief(json["justification"]);
  if (why.empty()) why = brief(json["impact_statement"]);
  set_status(statement, brief(json["status"]), why);
  return statement;
}

/// One for each product: its parts are no other product's.
void add_statements(const Json& json, SecurityReport& report) {
  const auto shared = shared_of(json, report.name);
  for (const auto& product : json["products"].items_or_none()) {
    auto statement = shared;
    name_of(product, statement.products);
    for (const auto& part : product["subcomponents"].items_or_none()) name_of(part, statement.packages);
    report.add(std::move(statement));
  }
}

ReadReport read(std::istream& bytes, std::string_view name) {
  SecurityReport report{.name = std::string(name), .is_scan = false};
  bool has_list = false;
  std::optional<Time> written;
  const std::vector<JsonPart> parts = {
      {"timestamp", [&](const Json& stamp, const JsonPlace&) { written = parse_stamp(brief(stamp)); }},
      {"statements/", [&](const Json& list, const JsonPlace&) { has_list = list.is_array(); }},
      {"statements/*", [&](const Json& json, const JsonPlace&) { add_statements(json, report); }},
  };
  parse_json_parts(bytes, name, parts);
  if (!has_list) refuse_report(name, "it has no list of statements", "Name the OpenVEX document.");
  for (auto& statement : report.statements) {
    if (!statement.at) statement.at = written;
  }
  return read_as(std::move(report), written);
}

}  // namespace

extern const Format openvex{
    .id = "openvex", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
