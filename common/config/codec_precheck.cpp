// What precheck asks elsewhere, and what somebody answers for.
#include <optional>

#include "common/config/parts.h"
#include "common/config/sections/precheck.h"

namespace baton::config {
namespace {

using Kind = YamlNode::Kind;

/// A server, and one text more.
Json server_and(std::string_view name, Json what) {
  Json server = server_schema();
  server["properties"][name] = std::move(what);
  server["required"] = Json::array({"url", name});
  return server;
}

Json shown_with(const Endpoint& at, std::string_view name, const std::string& text) {
  if (at.url.empty()) return {};
  Json shown = Codec<Endpoint>::show(at);
  if (shown.is_string()) shown = Json::object({{"url", shown}});
  shown[name] = text;
  return shown;
}

void require(const Source& source, const YamlNode& node, const std::string& value, const std::string& name) {
  if (value.empty()) source.fail(node, "'" + name + "' is missing or empty");
}

/// Days only: nobody means the minute until which somebody answers for a thing.
bool is_day(const std::string& text) { return text.size() == 10 && parse_rfc3339(text + "T00:00:00Z").has_value(); }

void require_day(const Source& source, const YamlNode& node, const std::string& text) {
  if (!is_day(text)) source.fail(node, "'until' is no day such as 2026-12-31");
}

Json day_schema() {
  return described(or_filled(pattern_schema("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")), "Last day on which it holds, UTC");
}

constexpr std::string_view kDuties[] = {"pagerduty", "opsgenie"};

OnCall duty_from(const Source& source, const YamlMember& member) {
  OnCall on_call{.kind = member.key};
  auto parts = parts_of(source, on_call.at);
  parts.push_back({"schedule", into(source, on_call.schedule)});
  read_parts(source, member.value, parts);
  require(source, member.value, on_call.schedule, "schedule");
  return on_call;
}

Json duty_schema(std::string_view kind) {
  Json server = server_and("schedule", given("Id of the schedule"));
  server["required"] = Json::array({"schedule"});
  return properties({{std::string(kind), std::move(server)}}, {kind});
}

AllowedSecret allowed_from(const Source& source, const YamlNode& node) {
  AllowedSecret allowed;
  const Part parts[] = {{"sha256", into(source, allowed.sha256)},
                        {"reason", into(source, allowed.reason)},
                        {"until", into(source, allowed.until)}};
  read_parts(source, node, parts);
  require(source, node, allowed.sha256, "sha256");
  require(source, node, allowed.reason, "reason");
  require_day(source, node, allowed.until);
  return allowed;
}

Waiver waiver_from(const Source& source, const YamlNode& node) {
  Waiver waiver;
  const Part parts[] = {{"check", into(source, waiver.check)},
                        {"reason", into(source, waiver.reason)},
                        {"by", into(source, waiver.by)},
                        {"until", into(source, waiver.until)}};
  read_parts(source, node, parts);
  require(source, node, waiver.check, "check");
  require(source, node, waiver.reason, "reason");
  require(source, node, waiver.by, "by");
  require_day(source, node, waiver.until);
  return waiver;
}

}  // namespace

SonarQube Codec<SonarQube>::read(const Source& source, const YamlNode& node) {
  SonarQube sonarqube;
  auto parts = parts_of(source, sonarqube.at);
  parts.push_back({"project", into(source, sonarqube.project)});
  read_parts(source, node, parts);
  require(source, node, sonarqube.at.url, "url");
  require(source, node, sonarqube.project, "project");
  return sonarqube;
}
Json Codec<SonarQube>::show(const SonarQube& value) { return shown_with(value.at, "project", value.project); }
Json Codec<SonarQube>::schema() {
  return titled(server_and("project", given("Key of the project")), "{url, token, ca, headers, project}");
}

Pointed Codec<Pointed>::read(const Source& source, const YamlNode& node) {
  Pointed pointed;
  auto parts = parts_of(source, pointed.at);
  parts.push_back({"pointer", into(source, pointed.pointer)});
  read_parts(source, node, parts);
  require(source, node, pointed.at.url, "url");
  require(source, node, pointed.pointer, "pointer");
  return pointed;
}
Json Codec<Pointed>::show(const Pointed& value) { return shown_with(value.at, "pointer", value.pointer); }
Json Codec<Pointed>::schema() {
  return titled(server_and("pointer", given("JSON pointer into the answer")), "{url, token, ca, headers, pointer}");
}

OnCall Codec<OnCall>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::mapping) source.expected(node, "{url, pointer}, {pagerduty: …} or {opsgenie: …}");
  for (const auto kind : kDuties) {
    if (node.members.size() == 1 && node.members.front().key == kind) return duty_from(source, node.members.front());
  }
  auto [at, pointer] = Codec<Pointed>::read(source, node);
  return {.kind = "url", .at = std::move(at), .pointer = std::move(pointer)};
}
Json Codec<OnCall>::show(const OnCall& value) {
  if (value.kind.empty()) return {};
  if (value.kind == "url") return shown_with(value.at, "pointer", value.pointer);
  Json shown = Codec<Endpoint>::show(value.at);
  if (shown.is_string()) shown = shown.string().empty() ? Json::object() : Json::object({{"url", shown}});
  shown["schedule"] = value.schedule;
  return Json::object({{value.kind, shown}});
}
Json Codec<OnCall>::schema() {
  return titled(either({Codec<Pointed>::schema(), duty_schema("pagerduty"), duty_schema("opsgenie")}),
                "{url, pointer}, {pagerduty: {schedule, token}} or {opsgenie: {schedule, token}}");
}

std::vector<AllowedSecret> Codec<std::vector<AllowedSecret>>::read(const Source& source, const YamlNode& node) {
  std::vector<AllowedSecret> all;
  source.each(node, "a list of allowed values",
              [&](const YamlNode& item) { all.push_back(allowed_from(source, item)); });
  return all;
}
Json Codec<std::vector<AllowedSecret>>::show(const std::vector<AllowedSecret>& value) {
  return json_list(value, [](const AllowedSecret& allowed) {
    return Json::object({{"sha256", allowed.sha256}, {"reason", allowed.reason}, {"until", allowed.until}});
  });
}
Json Codec<std::vector<AllowedSecret>>::schema() {
  return list_of("list of {sha256, reason, until}", properties({{"sha256", given("As the finding prints it")},
                                                                {"reason", given("Why it may stay")},
                                                                {"until", day_schema()}},
                                                               {"sha256", "reason", "until"}));
}

std::vector<Waiver> Codec<std::vector<Waiver>>::read(const Source& source, const YamlNode& node) {
  std::vector<Waiver> all;
  source.each(node, "a list of waivers", [&](const YamlNode& item) { all.push_back(waiver_from(source, item)); });
  return all;
}
Json Codec<std::vector<Waiver>>::show(const std::vector<Waiver>& value) {
  return json_list(value, [](const Waiver& waiver) {
    return Json::object(
        {{"check", waiver.check}, {"reason", waiver.reason}, {"by", waiver.by}, {"until", waiver.until}});
  });
}
Json Codec<std::vector<Waiver>>::schema() {
  return list_of("list of {check, reason, by, until}", properties({{"check", given("Id of the check")},
                                                                   {"reason", given("Why the release may go on")},
                                                                   {"by", given("Who answers for it")},
                                                                   {"until", day_schema()}},
                                                                  {"check", "reason", "by", "until"}));
}

}  // namespace baton::config
