// Nodes as block YAML.
#include "common/config/written.h"

#include <algorithm>

#include "common/config/keys.h"
#include "common/config/meant_key.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/text.h"

namespace baton {
namespace {

using Kind = YamlNode::Kind;

bool is_among(std::string_view path, std::span<const std::string_view> all) {
  return std::ranges::any_of(all, [&](std::string_view one) { return path == one || config::is_below(path, one); });
}

bool is_wanted(const config::Key& key, const WrittenFor& wanted) {
  if (is_among(key.path, wanted.also)) return true;
  return !is_among(key.path, wanted.without) &&
         std::ranges::any_of(wanted.steps, [&](std::string_view step) { return config::is_read_by(key, step); });
}

/// The member, made where it is absent.
YamlNode& member(YamlNode& node, const std::string& key) {
  node.kind = Kind::mapping;
  const auto found = std::ranges::find(node.members, key, &YamlMember::key);
  if (found != node.members.end()) return found->value;
  return node.members.emplace_back(YamlMember{.key = key}).value;
}

/// In one line. What was written without quotes needs none here, where no bracket is around it.
std::string scalar_text(const YamlNode& node) {
  return node.quoted || node.text.empty() ? to_text(Json(node.text)) : node.text;
}

std::string key_text(const std::string& key) {
  const bool is_plain =
      key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == std::string::npos;
  return is_plain && !key.empty() ? key : to_text(Json(key));
}

std::string block_text(const YamlNode& node, const std::string& indent) {
  std::string text;
  for (const auto& [key, value, line, column] : node.members) {
    if (value.kind == Kind::null) continue;
    const bool is_one_line = value.kind == Kind::scalar || (value.items.empty() && value.members.empty());
    text += indent + key_text(key) + (is_one_line ? ": " : ":\n") + block_text(value, indent + "  ");
  }
  for (const auto& item : node.items) {
    auto inner = block_text(item, indent + "  ");
    if (item.kind == Kind::scalar) inner.insert(0, indent + "  ");
    inner[indent.size()] = '-';
    text += inner;
  }
  if (node.kind == Kind::scalar) return scalar_text(node) + "\n";
  if (text.empty()) return node.kind == Kind::sequence ? "[]\n" : "{}\n";
  return text;
}

bool refers(const YamlNode& node) {
  return node.text.find("${") != std::string::npos || std::ranges::any_of(node.items, refers) ||
         std::ranges::any_of(node.members, [](const YamlMember& one) { return refers(one.value); });
}

}  // namespace

std::string written_text(const LoadedConfig& loaded, const WrittenFor& wanted) {
  YamlNode root;
  for (const auto& key : config::keys()) {
    const auto& entry = loaded.entries.find(key.path)->second;
    if (entry.written.kind == Kind::null || !is_wanted(key, wanted)) continue;
    if (entry.text.find("***") != std::string::npos && !refers(entry.written)) {
      throw Error(ExitCode::usage, entry.origin + ": " + key.path + " holds a secret in the clear",
                  "Put it into a variable and write ${NAME}.");
    }
    auto* node = &root;
    for (const auto& part : split(key.path, '.')) node = &member(*node, std::string(part));
    *node = entry.written;
  }
  return root.members.empty() ? "" : block_text(root, "");
}

std::vector<std::string> needed_variables(std::string_view text) {
  std::vector<std::string> names;
  for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 1)) {
    const auto name = text.substr(at + 2, text.find('}', at) - at - 2);
    const bool is_escaped = at > 0 && text[at - 1] == '$';
    if (is_escaped || name.find(':') != std::string_view::npos) continue;
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  }
  return names;
}

}  // namespace baton
