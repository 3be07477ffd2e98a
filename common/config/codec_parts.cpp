// Values made of parts: servers, smoke probes, channels, keys.
#include <algorithm>
#include <functional>
#include <span>

#include "common/config/codec.h"
#include "common/config/endpoint.h"
#include "common/config/sections/hooks.h"
#include "common/config/sections/notify.h"
#include "common/config/sections/signing.h"
#include "common/config/sections/switch.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"

namespace baton::config {
namespace {

using Kind = YamlNode::Kind;

/// One member of a mapping: its name and what to do with its value.
struct Part {
  std::string_view name;
  std::function<void(const YamlNode&)> read;
};

void read_parts(const Source& source, const YamlNode& node, std::span<const Part> parts) {
  if (node.kind != Kind::mapping) source.expected(node, "a mapping");
  for (const auto& member : node.members) {
    const auto part = std::ranges::find_if(parts, [&](const Part& p) { return p.name == member.key; });
    if (part != parts.end()) {
      part->read(member.value);
      continue;
    }
    std::vector<std::string> names;
    for (const auto& known : parts) names.emplace_back(known.name);
    const YamlNode key{.line = member.line, .column = member.column};
    source.fail(key, "unknown key '" + printable(member.key, 60) + "'; known here: " + join(names, ", "));
  }
}

/// Reads a member into a field by the field's own codec.
template <typename T>
std::function<void(const YamlNode&)> into(const Source& source, T& field) {
  return [&source, &field](const YamlNode& node) { field = Codec<T>::read(source, node); };
}

std::vector<std::pair<std::string, std::string>> headers_from(const Source& source, const YamlNode& node) {
  const auto map = Codec<TextMap>::read(source, node);
  return {map.begin(), map.end()};
}

std::vector<Part> parts_of(const Source& source, Endpoint& endpoint) {
  return {{"url", into(source, endpoint.url)},
          {"token", into(source, endpoint.token)},
          {"ca", into(source, endpoint.ca)},
          {"headers", [&](const YamlNode& headers) { endpoint.headers = headers_from(source, headers); }}};
}

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

WorkerName worker_from(const Source& source, const YamlNode& node) {
  WorkerName worker;
  if (node.kind == Kind::scalar) {
    worker.name = Codec<std::string>::read(source, node);
  } else {
    std::string kind = "Deployment";
    const Part parts[] = {{"kind", into(source, kind)}, {"name", into(source, worker.name)}};
    read_parts(source, node, parts);
    if (kind != "Deployment")
      source.fail(node, "workers of the kind '" + printable(kind, 40) + "' are not available in this version");
  }
  if (worker.name.empty()) source.expected(node, "the name of a Deployment");
  return worker;
}

bool is_web_address(std::string_view text) {
  return starts_with_icase(text, "http://") || starts_with_icase(text, "https://");
}

Hook hook_from(const Source& source, const YamlNode& node) {
  Hook hook;
  auto parts = parts_of(source, hook.to);
  parts.push_back({"run", into(source, hook.command)});
  parts.push_back({"deadline", into(source, hook.deadline)});
  if (node.kind == Kind::scalar) {
    (is_web_address(node.text) ? hook.to.url : hook.command) = node.text;
  } else {
    read_parts(source, node, parts);
  }
  if (hook.command.empty() == hook.to.url.empty()) source.expected(node, "a command, a URL, {run: …} or {url: …}");
  if (!hook.to.url.empty() && !is_web_address(hook.to.url))
    source.fail(node, "the URL of a hook is no http or https URL");
  if (hook.deadline == Duration{0}) source.fail(node, "the deadline of a hook is over 0s");
  hook.is_filled = source.is_filled;
  return hook;
}

Json properties(std::initializer_list<Json::Member> members) {
  return Json::object({{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object(members)}});
}

Json text_type() { return Json::object({{"type", "string"}}); }
Json server_schema() {
  return properties(
      {{"url", text_type()}, {"token", text_type()}, {"ca", text_type()}, {"headers", Codec<TextMap>::schema()}});
}
Json list_of(Json items) { return Json::object({{"type", "array"}, {"items", std::move(items)}}); }

constexpr std::string_view kChannels[] = {"slack", "webhook"};
constexpr std::string_view kLaterChannels[] = {"email", "issue"};

NotifyTarget channel_from(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::mapping || node.members.size() != 1) source.expected(node, "one channel such as {slack: URL}");
  const auto& member = node.members.front();
  const auto is_named = [&](std::string_view name) { return name == member.key; };
  if (std::any_of(std::begin(kLaterChannels), std::end(kLaterChannels), is_named)) {
    source.fail(node, "the channel '" + member.key + "' is not available in this version");
  }
  if (std::none_of(std::begin(kChannels), std::end(kChannels), is_named)) {
    source.fail(node, "unknown channel '" + printable(member.key, 40) + "'; known: slack, webhook");
  }
  return {.kind = member.key, .url = Codec<std::string>::read(source, member.value)};
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
std::string Codec<Endpoint>::show(const Endpoint& value) {
  const bool plain = value.token.empty() && value.ca.empty() && value.headers.empty();
  if (plain) return redact(value.url);
  std::string text = "{url: " + redact(value.url);
  if (!value.token.empty()) text += ", token: ***";
  if (!value.ca.empty()) text += ", ca: " + value.ca;
  for (const auto& [name, secret] : value.headers) text += ", header " + name + ": ***";
  return text + "}";
}
Json Codec<Endpoint>::schema() { return Json::object({{"oneOf", Json::array({text_type(), server_schema()})}}); }

Identify Codec<Identify>::read(const Source& source, const YamlNode& node) {
  Identify identify;
  const Part parts[] = {{"header", into(source, identify.header)},
                        {"json", into(source, identify.json)},
                        {"path", into(source, identify.path)}};
  read_parts(source, node, parts);
  if (identify.header.empty() == identify.json.empty()) source.expected(node, "either a header or a json pointer");
  return identify;
}
std::string Codec<Identify>::show(const Identify& value) {
  if (value.header.empty() && value.json.empty()) return "";
  const std::string how = value.header.empty() ? "json: " + value.json : "header: " + value.header;
  return "{" + how + (value.path.empty() ? "" : ", path: " + value.path) + "}";
}
Json Codec<Identify>::schema() {
  return properties({{"header", text_type()}, {"json", text_type()}, {"path", text_type()}});
}

OwnQuery Codec<OwnQuery>::read(const Source& source, const YamlNode& node) {
  if (node.kind == Kind::scalar) return {.parts = {{"", node.text}}};
  OwnQuery query;
  for (auto& [part, promql] : Codec<TextMap>::read(source, node)) query.parts.emplace(part, promql);
  return query;
}
std::string Codec<OwnQuery>::show(const OwnQuery& value) {
  if (const auto single = value.parts.find(""); single != value.parts.end()) return single->second;
  std::vector<std::string> parts;
  for (const auto& [part, promql] : value.parts) parts.push_back(part + ": " + promql);
  return parts.empty() ? "" : "{" + join(parts, ", ") + "}";
}
Json Codec<OwnQuery>::schema() { return Json::object(); }

std::vector<SmokeProbe> Codec<std::vector<SmokeProbe>>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::sequence) source.expected(node, "a list of probes");
  std::vector<SmokeProbe> probes;
  for (const auto& item : node.items) probes.push_back(probe_from(source, item));
  return probes;
}
std::string Codec<std::vector<SmokeProbe>>::show(const std::vector<SmokeProbe>& value) {
  std::vector<std::string> probes;
  for (const auto& probe : value) {
    std::string text = "{path: " + redact(probe.path) + ", status: " + std::to_string(probe.status) +
                       ", max_time: " + to_text(probe.max_time) + ", kind: " + probe.kind;
    for (const auto& [pointer, expected] : probe.json) text += ", " + pointer + ": " + baton::to_text(expected);
    probes.push_back(text + "}");
  }
  return "[" + join(probes, ", ") + "]";
}
Json Codec<std::vector<SmokeProbe>>::schema() {
  return list_of(properties({{"path", text_type()},
                             {"status", Codec<int>::schema()},
                             {"max_time", Codec<Duration>::schema()},
                             {"kind", or_filled(Json::object({{"enum", Json::array({"health", "api", "database"})}}))},
                             {"json", Json::object({{"type", "object"}})}}));
}

std::vector<WorkerName> Codec<std::vector<WorkerName>>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::sequence) source.expected(node, "a list of Deployments");
  std::vector<WorkerName> workers;
  for (const auto& item : node.items) workers.push_back(worker_from(source, item));
  return workers;
}
std::string Codec<std::vector<WorkerName>>::show(const std::vector<WorkerName>& value) {
  return list_text(value, [](const WorkerName& worker) { return worker.name; });
}
Json Codec<std::vector<WorkerName>>::schema() {
  const Json parts = properties({{"kind", Json::object({{"const", "Deployment"}})}, {"name", text_type()}});
  return list_of(Json::object({{"oneOf", Json::array({text_type(), parts})}}));
}

std::vector<NotifyTarget> Codec<std::vector<NotifyTarget>>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::sequence) source.expected(node, "a list of channels");
  std::vector<NotifyTarget> targets;
  targets.reserve(node.items.size());
  for (const auto& item : node.items) targets.push_back(channel_from(source, item));
  return targets;
}
std::string Codec<std::vector<NotifyTarget>>::show(const std::vector<NotifyTarget>& value) {
  return list_text(value, [](const NotifyTarget& target) { return target.kind + ": ***"; });
}
Json Codec<std::vector<NotifyTarget>>::schema() {
  return list_of(properties({{"slack", text_type()}, {"webhook", text_type()}}));
}

std::vector<Hook> Codec<std::vector<Hook>>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::sequence) source.expected(node, "a list of commands and URLs");
  std::vector<Hook> hooks;
  hooks.reserve(node.items.size());
  for (const auto& item : node.items) hooks.push_back(hook_from(source, item));
  return hooks;
}
std::string Codec<std::vector<Hook>>::show(const std::vector<Hook>& value) {
  return list_text(value, [](const Hook& hook) {
    auto to = hook.to;
    to.url = name_of(hook);
    return (hook.command.empty() ? Codec<Endpoint>::show(to) : name_of(hook)) +
           (hook.deadline ? " within " + to_text(*hook.deadline) : "");
  });
}
Json Codec<std::vector<Hook>>::schema() {
  const Json command = properties({{"run", text_type()}, {"deadline", Codec<Duration>::schema()}});
  Json server = server_schema();
  server["properties"]["deadline"] = Codec<Duration>::schema();
  return list_of(Json::object({{"oneOf", Json::array({text_type(), command, server})}}));
}

std::vector<TrustEntry> Codec<std::vector<TrustEntry>>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::sequence) source.expected(node, "a list of keys");
  std::vector<TrustEntry> entries;
  entries.reserve(node.items.size());
  for (const auto& item : node.items) {
    TrustEntry entry;
    const Part parts[] = {{"step", into(source, entry.step)}, {"key", into(source, entry.key)}};
    if (item.kind == Kind::scalar) {
      entry.key = item.text;
    } else {
      read_parts(source, item, parts);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}
std::string Codec<std::vector<TrustEntry>>::show(const std::vector<TrustEntry>& value) {
  return list_text(value, [](const TrustEntry& entry) {
    return entry.step.empty() ? entry.key : "{step: " + entry.step + ", key: " + entry.key + "}";
  });
}
Json Codec<std::vector<TrustEntry>>::schema() {
  const Json parts = properties({{"step", text_type()}, {"key", text_type()}});
  return list_of(Json::object({{"oneOf", Json::array({text_type(), parts})}}));
}

}  // namespace baton::config
