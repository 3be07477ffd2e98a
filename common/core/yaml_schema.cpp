// YAML's core schema: what an unquoted scalar means.
#include <optional>

#include "common/core/error.h"
#include "common/core/yaml.h"

namespace baton {
namespace {

bool is_number_text(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

/// A number of the core schema; nothing when JSON would not take it ("1.2.3", "007", a whole number beyond 64 bits).
std::optional<Json> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  try {
    return parse_json(text, "number");
  } catch (const Error&) {
    return std::nullopt;
  }
}

Json scalar_to_json(const YamlNode& node) {
  const std::string& text = node.text;
  if (node.quoted) return text;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (is_number_text(text)) {
    if (auto number = number_of(text)) return *number;
  }
  return text;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Json to_json(const YamlNode& node) {
  Json json;
  switch (node.kind) {
    case YamlNode::Kind::null:
      break;
    case YamlNode::Kind::scalar:
      return scalar_to_json(node);
    case YamlNode::Kind::sequence:
      json = Json::array();
      for (const auto& item : node.items) json.push_back(to_json(item));
      break;
    case YamlNode::Kind::mapping:
      json = Json::object();
      for (const auto& member : node.members) json.members().emplace_back(member.key, to_json(member.value));
      break;
  }
  return json;
}

}  // namespace baton
