// Finding files by pattern.
#include <algorithm>

#include "common/core/text.h"
#include "common/io/files.h"

namespace baton {
namespace {

/// *, ? within one path component.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') {
    return matches(pattern.substr(1), name) || (!name.empty() && matches(pattern, name.substr(1)));
  }
  if (name.empty() || (pattern.front() != '?' && pattern.front() != name.front())) return false;
  return matches(pattern.substr(1), name.substr(1));
}

std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) entries.push_back(*at);
  return entries;
}

/// What is named from `pieces` on below `folder`. Links to folders are not followed by **: they may lead in circles.
void search(const fs::path& folder, std::span<const std::string> pieces, std::vector<fs::path>& found) {
  const std::string& piece = pieces.front();
  const auto rest = pieces.subspan(1);
  if (piece == "**") {
    if (!rest.empty()) search(folder, rest, found);
    for (const auto& entry : entries_of(folder)) {
      std::error_code error;
      if (entry.is_directory(error) && !entry.is_symlink(error)) search(entry.path(), pieces, found);
      if (rest.empty() && entry.is_regular_file(error)) found.push_back(entry.path());
    }
    return;
  }
  for (const auto& entry : entries_of(folder)) {
    std::error_code error;
    if (!matches(piece, entry.path().filename().string())) continue;
    if (rest.empty() && entry.is_regular_file(error)) found.push_back(entry.path());
    if (!rest.empty() && entry.is_directory(error)) search(entry.path(), rest, found);
  }
}

}  // namespace

std::vector<fs::path> find_files(const fs::path& base, std::string_view pattern) {
  if (pattern.find_first_of("*?") == std::string_view::npos) {
    const auto path = base / pattern;
    std::error_code error;
    return fs::is_regular_file(path, error) ? std::vector<fs::path>{path} : std::vector<fs::path>{};
  }
  const bool absolute = pattern.starts_with('/');
  std::vector<std::string> pieces = split(pattern, '/');
  std::erase_if(pieces, [](const std::string& piece) { return piece.empty() || piece == "."; });
  std::vector<fs::path> found;
  if (!pieces.empty()) search(absolute ? fs::path("/") : base, pieces, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace baton
