// Reads and merges kubeconfig files.
#include "common/clients/kube/kubeconfig_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "common/core/digest.h"
#include "common/core/text.h"
#include "common/io/files.h"

namespace baton::kube {
namespace {

Error wrong_at(const fs::path& file, const YamlNode& at, std::string_view what, std::string hint = {}) {
  return {ExitCode::usage, fmt::format("{}:{}:{}: {}", file.string(), at.line, at.column, what), std::move(hint)};
}

std::string scalar(const fs::path& file, const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::null) return {};
  if (node.kind != YamlNode::Kind::scalar) throw wrong_at(file, node, fmt::format("'{}' is not a text", key));
  return node.text;
}

NamedEntry read_entry(const fs::path& file, const YamlNode& item, std::string_view singular) {
  const YamlNode* name = item.find("name");
  if (name == nullptr) throw wrong_at(file, item, fmt::format("a {} has no name", singular));
  NamedEntry entry{.name = scalar(file, *name, "name"), .node = {}, .file = file};
  if (const YamlNode* value = item.find(singular)) entry.node = *value;
  const bool is_usable = entry.node.kind == YamlNode::Kind::mapping || entry.node.kind == YamlNode::Kind::null;
  if (!is_usable) throw wrong_at(file, entry.node, fmt::format("the {} '{}' is not a mapping", singular, entry.name));
  if (entry.node.line == 0) entry.node.line = item.line, entry.node.column = item.column;
  return entry;
}

std::vector<NamedEntry> read_entries(const fs::path& file, const YamlNode& root, std::string_view plural,
                                     std::string_view singular) {
  std::vector<NamedEntry> entries;
  const YamlNode* list = root.find(plural);
  if (list == nullptr || list->kind == YamlNode::Kind::null) return entries;
  if (list->kind != YamlNode::Kind::sequence) throw wrong_at(file, *list, fmt::format("'{}' is not a list", plural));
  for (const YamlNode& item : list->items) entries.push_back(read_entry(file, item, singular));
  return entries;
}

void merge_entries(std::vector<NamedEntry>& into, const std::vector<NamedEntry>& from) {
  for (const NamedEntry& entry : from) {
    const bool is_known = std::ranges::any_of(into, [&](const NamedEntry& known) { return known.name == entry.name; });
    if (!is_known) into.push_back(entry);
  }
}

/// What stands behind a merge key would be missing without a word.
void refuse_merge_keys(const fs::path& file, const YamlNode& node) {
  for (const YamlMember& member : node.members) {
    if (member.key == "<<") {
      throw wrong_at(file, member.value, "the merge key '<<' is not read", "Write the members out in its place.");
    }
    refuse_merge_keys(file, member.value);
  }
  for (const YamlNode& item : node.items) refuse_merge_keys(file, item);
}

/// As kubectl's YAML has it: the words of version 1.1 too.
std::optional<bool> truth_of(const YamlNode& node) {
  constexpr std::array<std::string_view, 4> kTrue = {"true", "yes", "on", "y"};
  constexpr std::array<std::string_view, 4> kFalse = {"false", "no", "off", "n"};
  const std::string word = to_lower(node.text);
  if (node.kind != YamlNode::Kind::scalar || node.quoted) return std::nullopt;
  if (std::ranges::find(kTrue, word) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, word) != kFalse.end()) return false;
  return std::nullopt;
}

}  // namespace

Kubeconfig parse_kubeconfig(std::string_view text, const fs::path& file) {
  const YamlNode root = parse_yaml(text, file.string());
  if (root.kind == YamlNode::Kind::null) return {};
  if (root.kind != YamlNode::Kind::mapping) throw wrong_at(file, root, "a kubeconfig is a mapping");
  refuse_merge_keys(file, root);
  Kubeconfig config;
  if (const YamlNode* current = root.find("current-context")) {
    config.current_context = scalar(file, *current, "current-context");
  }
  config.clusters = read_entries(file, root, "clusters", "cluster");
  config.contexts = read_entries(file, root, "contexts", "context");
  config.users = read_entries(file, root, "users", "user");
  return config;
}

void merge(Kubeconfig& into, const Kubeconfig& from) {
  if (into.current_context.empty()) into.current_context = from.current_context;
  merge_entries(into.clusters, from.clusters);
  merge_entries(into.contexts, from.contexts);
  merge_entries(into.users, from.users);
}

const YamlNode* Fields::find(std::string_view key) const {
  const YamlNode* value = node_.find(key);
  return value == nullptr || value->kind == YamlNode::Kind::null ? nullptr : value;
}

std::string Fields::text(std::string_view key) const {
  const YamlNode* value = find(key);
  return value == nullptr ? std::string{} : scalar(entry_.file, *value, key);
}

bool Fields::flag(std::string_view key) const {
  const YamlNode* value = find(key);
  if (value == nullptr) return false;
  const std::optional<bool> read = truth_of(*value);
  if (!read) throw wrong(*value, fmt::format("'{}' is neither true nor false", key));
  return *read;
}

std::string Fields::path(std::string_view key) const {
  const fs::path written = text(key);
  if (written.empty()) return {};
  return (written.is_absolute() ? written : entry_.file.parent_path() / written).lexically_normal().string();
}

std::string Fields::data_or_file(const std::string& key) const {
  const std::string data = text(key + "-data");
  try {
    if (!data.empty()) return from_wrapped_base64(data);
    const std::string file = path(key);
    return file.empty() ? std::string{} : read_file(file, 1U << 20U);
  } catch (const Error& error) {
    const YamlNode* at = find(data.empty() ? key : key + "-data");
    throw wrong(*at, fmt::format("'{}' cannot be used: {}", key, error.what()));
  }
}

std::vector<std::string> Fields::texts(std::string_view key) const {
  std::vector<std::string> found;
  const YamlNode* list = find(key);
  if (list == nullptr) return found;
  if (list->kind != YamlNode::Kind::sequence) throw wrong(*list, fmt::format("'{}' is not a list", key));
  for (const YamlNode& item : list->items) found.push_back(scalar(entry_.file, item, key));
  return found;
}

Error Fields::wrong(const YamlNode& at, std::string_view what, std::string hint) const {
  return wrong_at(entry_.file, at, what, std::move(hint));
}

}  // namespace baton::kube
