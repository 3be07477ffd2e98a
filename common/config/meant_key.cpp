// Which key a person probably meant.
#include "common/config/meant_key.h"

#include <algorithm>

#include "common/config/keys.h"
#include "common/core/closest.h"

namespace baton::config {
namespace {

struct Name {
  std::string parent;
  std::string leaf;
};

Name parts_of(const std::string& path) {
  const auto dot = path.rfind('.');
  if (dot == std::string::npos) return {.parent = {}, .leaf = path};
  return {.parent = path.substr(0, dot), .leaf = path.substr(dot + 1)};
}

/// Every key and every section above one.
std::vector<std::string> all_paths() {
  std::vector<std::string> paths;
  for (const auto& key : keys()) {
    for (std::string path = key.path; !path.empty(); path = parts_of(path).parent) paths.push_back(path);
  }
  return paths;
}

}  // namespace

bool is_below(std::string_view path, std::string_view section) {
  return path.size() > section.size() && path.starts_with(section) && path[section.size()] == '.';
}

std::optional<std::string> meant_key(const std::string& path) {
  const auto paths = all_paths();
  const Name name = parts_of(path);
  std::vector<std::string> siblings;
  for (const auto& known : paths) {
    if (parts_of(known).parent == name.parent) siblings.push_back(parts_of(known).leaf);
  }
  if (const auto sibling = closest(name.leaf, siblings)) {
    return name.parent.empty() ? *sibling : name.parent + "." + *sibling;
  }
  const auto elsewhere =
      std::ranges::find_if(paths, [&](const std::string& known) { return parts_of(known).leaf == name.leaf; });
  if (elsewhere != paths.end()) return *elsewhere;
  return siblings.empty() ? closest(path, paths) : std::nullopt;
}

}  // namespace baton::config
