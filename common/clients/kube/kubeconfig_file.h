// One kubeconfig file as it is written, and several merged into one; positions are kept for messages.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/kube/kubeconfig.h"
#include "common/core/error.h"
#include "common/core/yaml.h"

namespace baton::kube {

struct NamedEntry {
  std::string name;
  YamlNode node;               ///< a mapping, or null
  std::filesystem::path file;  ///< relative paths inside are meant from its folder
};

struct Kubeconfig {
  std::string current_context = {};
  std::vector<NamedEntry> clusters = {};
  std::vector<NamedEntry> contexts = {};
  std::vector<NamedEntry> users = {};
};

/// Throws Error{usage} "FILE:LINE:COLUMN: …".
Kubeconfig parse_kubeconfig(std::string_view text, const std::filesystem::path& file);
/// Names that `into` has already stay as they are.
void merge(Kubeconfig& into, const Kubeconfig& from);

/// The members of one entry, read with the types a kubeconfig gives them.
class Fields {
 public:
  Fields(const NamedEntry& entry, const YamlNode& node) : entry_(entry), node_(node) {}
  explicit Fields(const NamedEntry& entry) : Fields(entry, entry.node) {}

  const YamlNode* find(std::string_view key) const;  ///< nullptr also for null
  std::string text(std::string_view key) const;      ///< empty when absent
  bool flag(std::string_view key) const;             ///< false when absent
  std::string path(std::string_view key) const;      ///< absolute; empty when absent
  /// The decoded KEY-data, else what stands in the file that KEY names; empty when neither is given.
  std::string data_or_file(const std::string& key) const;
  std::vector<std::string> texts(std::string_view key) const;  ///< a sequence of scalars
  Fields inside(const YamlNode& node) const { return {entry_, node}; }

  const NamedEntry& entry() const { return entry_; }
  const YamlNode& node() const { return node_; }
  Error wrong(const YamlNode& at, std::string_view what, std::string hint = {}) const;

 private:
  const NamedEntry& entry_;
  const YamlNode& node_;
};

}  // namespace baton::kube
