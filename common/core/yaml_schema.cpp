// YAML's core schema: what an unquoted scalar means.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "common/core/error.h"
#include "common/core/text.h"
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

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A word that YAML, old or new, takes for nothing else: it has a letter, and is none of those that mean something.
bool is_plain_word(const std::string& text) {
  static constexpr auto kWords =
      std::to_array<std::string_view>({"null", "true", "false", "yes", "no", "on", "off", "y", "n"});
  const bool is_of_safe = std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_./-%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  const bool begins_well = !text.empty() && (std::isalnum(static_cast<unsigned char>(text.front())) != 0);
  if (!is_of_safe || !begins_well || std::ranges::find(kWords, to_lower(text)) != kWords.end()) return false;
  // "5m" and "80%" are words, "1e3" and "0x10" numbers.
  return kLetters.find(text.front()) != std::string_view::npos ||
         std::string_view("smhd%").find(text.back()) != std::string_view::npos;
}

}  // namespace

std::string to_flow_yaml(const Json& value) {
  std::vector<std::string> pieces;
  if (value.is_string() && is_plain_word(value.string())) return value.string();
  if (value.is_array()) {
    for (const Json& item : value.items()) pieces.push_back(to_flow_yaml(item));
    return "[" + join(pieces, ", ") + "]";
  }
  if (!value.is_object()) return to_text(value);
  for (const auto& [name, member] : value.members())
    pieces.push_back(to_flow_yaml(Json(name)) + ": " + to_flow_yaml(member));
  return "{" + join(pieces, ", ") + "}";
}

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
