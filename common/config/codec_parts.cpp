// Values made of parts: servers, smoke probes, queries.
#include "common/config/endpoint.h"
#include "common/config/parts.h"
#include "common/config/sections/switch.h"
#include "common/core/redact.h"

namespace baton::config {
namespace {

using Kind = YamlNode::Kind;

SmokeProbe probe_from(const Source& source, const YamlNode& node) {
  SmokeProbe probe;
  const Part parts[] = {{"path", into(source, probe.path)},
                        {"status", into(source, probe.status)},
                        {"max_time", into(source, probe.max_time)},
                        {"kind", into(source, probe.kind)},
                        {"json", [&](const YamlNode& json) {
                           if (json.kind != Kind::mapping)
                             source.expected(json, "pointers and the values they must have");
                           for (const auto& member : json.members)
                             probe.json.emplace_back(member.key, to_json(member.value));
                         }}};
  read_parts(source, node, parts);
  if (!probe.path.starts_with('/')) source.fail(node, "a smoke probe needs a path that begins with '/'");
  if (probe.status < 100 || probe.status > 599) source.fail(node, "status is no HTTP status");
  if (probe.kind != "health" && probe.kind != "api" && probe.kind != "database") {
    source.fail(node, "kind is not health, api or database");
  }
  return probe;
}

}  // namespace

Endpoint Codec<Endpoint>::read(const Source& source, const YamlNode& node) {
  Endpoint endpoint;
  if (node.kind == Kind::scalar) {
    endpoint.url = node.text;
    return endpoint;
  }
  read_parts(source, node, parts_of(source, endpoint));
  return endpoint;
}
Json Codec<Endpoint>::show(const Endpoint& value) {
  const bool plain = value.token.empty() && value.ca.empty() && value.headers.empty();
  if (plain) return redact(value.url);
  Json server = Json::object({{"url", redact(value.url)}});
  if (!value.token.empty()) server["token"] = kHidden;
  if (!value.ca.empty()) server["ca"] = value.ca;
  for (const auto& [name, secret] : value.headers) server["headers"][name] = kHidden;
  return server;
}
Json Codec<Endpoint>::schema() {
  return titled(either({text_schema(), server_schema()}), "URL, or {url, token, ca, headers}");
}

Identify Codec<Identify>::read(const Source& source, const YamlNode& node) {
  Identify identify;
  const Part parts[] = {{"header", into(source, identify.header)},
                        {"json", into(source, identify.json)},
                        {"path", into(source, identify.path)}};
  read_parts(source, node, parts);
  if (identify.header.empty() == identify.json.empty()) source.expected(node, "either a header or a json pointer");
  return identify;
}
Json Codec<Identify>::show(const Identify& value) {
  if (value.header.empty() && value.json.empty()) return {};
  Json how = value.header.empty() ? Json::object({{"json", value.json}}) : Json::object({{"header", value.header}});
  if (!value.path.empty()) how["path"] = value.path;
  return how;
}
Json Codec<Identify>::schema() {
  const Json path = text("Where it is asked; the first smoke path, else /");
  return titled(
      either({properties({{"header", given("A header that holds the version")}, {"path", path}}, {"header"}),
              properties({{"json", given("Pointer into the body to the version")}, {"path", path}}, {"json"})}),
      "{header, path} or {json, path}");
}

OwnQuery Codec<OwnQuery>::read(const Source& source, const YamlNode& node) {
  if (node.kind == Kind::scalar) return {.parts = {{"", node.text}}};
  OwnQuery query;
  for (auto& [part, promql] : Codec<TextMap>::read(source, node)) query.parts.emplace(part, promql);
  return query;
}
Json Codec<OwnQuery>::show(const OwnQuery& value) {
  if (const auto single = value.parts.find(""); single != value.parts.end()) return single->second;
  Json parts;
  for (const auto& [part, promql] : value.parts) parts[part] = promql;
  return parts;
}
Json Codec<OwnQuery>::schema() { return Json::object(); }

std::vector<SmokeProbe> Codec<std::vector<SmokeProbe>>::read(const Source& source, const YamlNode& node) {
  std::vector<SmokeProbe> probes;
  source.each(node, "a list of probes", [&](const YamlNode& item) { probes.push_back(probe_from(source, item)); });
  return probes;
}
Json Codec<std::vector<SmokeProbe>>::show(const std::vector<SmokeProbe>& value) {
  return json_list(value, [](const SmokeProbe& probe) {
    Json shown = Json::object({{"path", redact(probe.path)},
                               {"status", probe.status},
                               {"max_time", to_text(probe.max_time)},
                               {"kind", probe.kind}});
    for (const auto& [pointer, expected] : probe.json) shown["json"][pointer] = expected;
    return shown;
  });
}
Json Codec<std::vector<SmokeProbe>>::schema() {
  Json status = described(Codec<int>::schema(), "HTTP status that must come; default: 200");
  status["minimum"] = 100;
  status["maximum"] = 599;
  const Json kinds = Json::object({{"enum", Json::array({"health", "api", "database"})}});
  return list_of(
      "list of probes",
      properties({{"path", described(or_filled(pattern_schema("^/")), "Path that is asked")},
                  {"status", std::move(status)},
                  {"max_time", described(Codec<Duration>::schema(), "Longest the answer may take; default: 5s")},
                  {"kind", described(or_filled(kinds), "Which of the SOP's three tests it is; default: health")},
                  {"json", Json::object({{"type", "object"},
                                         {"description", "Pointers into the body, and what must stand there"}})}},
                 {"path"}));
}

}  // namespace baton::config
