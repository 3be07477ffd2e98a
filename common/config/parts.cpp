// Members of mappings.
#include "common/config/parts.h"

#include <algorithm>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::config {
namespace {

std::vector<std::pair<std::string, std::string>> headers_from(const Source& source, const YamlNode& node) {
  const auto map = Codec<TextMap>::read(source, node);
  return {map.begin(), map.end()};
}

void read_part(const Source& source, const YamlMember& member, std::span<const Part> parts) {
  const auto part = std::ranges::find_if(parts, [&](const Part& p) { return p.name == member.key; });
  if (part != parts.end()) return part->read(member.value);
  std::vector<std::string> names;
  for (const auto& known : parts) names.emplace_back(known.name);
  const YamlNode key{.line = member.line, .column = member.column};
  source.fail(key, "unknown key '" + printable(member.key, 60) + "'; known here: " + join(names, ", "));
}

}  // namespace

void read_parts(const Source& source, const YamlNode& node, std::span<const Part> parts) {
  if (node.kind != YamlNode::Kind::mapping) source.expected(node, "a mapping");
  source.every(node.members, [&](const YamlMember& member) { read_part(source, member, parts); });
}

std::vector<Part> parts_of(const Source& source, Endpoint& endpoint) {
  return {{"url", into(source, endpoint.url)},
          {"token", into(source, endpoint.token)},
          {"ca", into(source, endpoint.ca)},
          {"headers", [&](const YamlNode& headers) { endpoint.headers = headers_from(source, headers); }}};
}

Json properties(std::initializer_list<Json::Member> members, std::initializer_list<Json> required) {
  Json schema =
      Json::object({{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object(members)}});
  if (required.size() > 0) schema["required"] = Json::array(required);
  return schema;
}

Json described(Json schema, std::string_view what) {
  schema["description"] = what;
  return schema;
}
Json text(std::string_view what) { return described(text_schema(), what); }
Json either(std::initializer_list<Json> forms) { return Json::object({{"oneOf", Json::array(forms)}}); }

Json given(std::string_view what) {
  return described(Json::object({{"type", Json::array({"string", "number", "boolean"})}, {"minLength", 1}}), what);
}

Json server_schema() {
  return properties({{"url", text("The server")},
                     {"token", text("Sent as a bearer token")},
                     {"ca", text("PEM file of the authorities that are trusted")},
                     {"headers", described(Codec<TextMap>::schema(), "Sent with every request")}});
}
Json list_of(std::string_view form, Json items) {
  return titled(Json::object({{"type", "array"}, {"items", std::move(items)}}), form);
}

}  // namespace baton::config
