// What commits and trees say, as git keeps them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::precheck::secrets {

struct Commit {
  std::string tree = {};  ///< names here are in bytes
  std::vector<std::string> parents = {};
  std::string text = {};  ///< author, committer, signature and message
};

struct TreeEntry {
  std::string mode = {};
  std::string name = {};
  std::string object = {};

  bool is_folder() const { return mode == "40000"; }
  bool is_other_repository() const { return mode == "160000"; }
};

/// Throws Error{unknown} where it is damaged, as does parse_tree.
Commit parse_commit(std::string_view bytes);
std::vector<TreeEntry> parse_tree(std::string_view bytes, std::size_t name_size);
const TreeEntry* find_entry(const std::vector<TreeEntry>& entries, std::string_view name);
/// A name in bytes, of its 40 or 64 hexadecimal digits.
std::string name_of(std::string_view hex);
std::string hex_of(std::string_view name);

}  // namespace baton::precheck::secrets
