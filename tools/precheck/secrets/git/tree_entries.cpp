// Lines of a commit, entries of a tree.
#include "tools/precheck/secrets/git/tree_entries.h"

#include <algorithm>

#include "common/clients/git_files.h"
#include "common/core/digest.h"
#include "common/core/error.h"

namespace baton::precheck::secrets {
namespace {

[[noreturn]] void damaged(const char* what) { throw Error(ExitCode::unknown, std::string(what) + " is damaged"); }

unsigned digit(char byte) { return static_cast<unsigned>(byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10); }

}  // namespace

Commit parse_commit(std::string_view bytes) {
  Commit commit;
  while (!bytes.empty()) {
    const auto line = bytes.substr(0, bytes.find('\n'));
    if (line.starts_with("tree ")) {
      commit.tree = name_of(line.substr(5));
    } else if (line.starts_with("parent ")) {
      commit.parents.push_back(name_of(line.substr(7)));
    } else {
      break;
    }
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
  }
  if (commit.tree.empty()) damaged("a commit");
  commit.text = bytes;
  return commit;
}

std::vector<TreeEntry> parse_tree(std::string_view bytes, std::size_t name_size) {
  std::vector<TreeEntry> entries;
  while (!bytes.empty()) {
    const auto blank = bytes.find(' ');
    const auto end = bytes.find('\0');
    if (blank == std::string_view::npos || end == std::string_view::npos || blank > end ||
        bytes.size() - end - 1 < name_size)
      damaged("a folder of a commit");
    entries.push_back({.mode = std::string(bytes.substr(0, blank)),
                       .name = std::string(bytes.substr(blank + 1, end - blank - 1)),
                       .object = std::string(bytes.substr(end + 1, name_size))});
    bytes.remove_prefix(end + 1 + name_size);
  }
  return entries;
}

const TreeEntry* find_entry(const std::vector<TreeEntry>& entries, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &TreeEntry::name);
  return found == entries.end() ? nullptr : &*found;
}

std::string name_of(std::string_view hex) {
  if (!git::is_object_name(hex)) damaged("a commit");
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(digit(hex[i]) << 4U | digit(hex[i + 1])));
  return bytes;
}

std::string hex_of(std::string_view name) { return to_hex(name); }

}  // namespace baton::precheck::secrets
