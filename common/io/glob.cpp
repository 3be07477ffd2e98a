// Finding files by pattern.
#include <algorithm>

#include "common/core/text.h"
#include "common/io/files.h"

namespace baton {
namespace {

constexpr std::string_view kWildcards = "*?";

/// *, ? within one path component. Goes back to the last star only, so that no pattern takes long.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t after_star = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) entries.push_back(*at);
  return entries;
}

void add_file(const fs::path& path, std::vector<fs::path>& found) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) found.push_back(path);
}

void search(const fs::path& folder, std::span<const std::string> pieces, std::vector<fs::path>& found);

/// "**": here and below. Links to folders are not followed: they may lead in circles.
void search_all(const fs::path& folder, std::span<const std::string> pieces, std::vector<fs::path>& found) {
  const auto rest = pieces.subspan(1);
  if (!rest.empty()) search(folder, rest, found);
  for (const auto& entry : entries_of(folder)) {
    std::error_code error;
    if (entry.is_directory(error) && !entry.is_symlink(error)) search(entry.path(), pieces, found);
    if (rest.empty()) add_file(entry.path(), found);
  }
}

void search_matching(const fs::path& folder, std::span<const std::string> pieces, std::vector<fs::path>& found) {
  const auto rest = pieces.subspan(1);
  for (const auto& entry : entries_of(folder)) {
    std::error_code error;
    if (!matches(pieces.front(), entry.path().filename().string())) continue;
    if (rest.empty()) add_file(entry.path(), found);
    if (!rest.empty() && entry.is_directory(error)) search(entry.path(), rest, found);
  }
}

/// What is named from `pieces` on below `folder`.
void search(const fs::path& folder, std::span<const std::string> pieces, std::vector<fs::path>& found) {
  const std::string& piece = pieces.front();
  if (piece == "**") return search_all(folder, pieces, found);
  if (piece.find_first_of(kWildcards) != std::string::npos) return search_matching(folder, pieces, found);
  pieces.size() == 1 ? add_file(folder / piece, found) : search(folder / piece, pieces.subspan(1), found);
}

}  // namespace

std::vector<fs::path> find_files(const fs::path& base, std::string_view pattern) {
  if (pattern.find_first_of(kWildcards) == std::string_view::npos) {
    std::vector<fs::path> named;
    add_file(base / pattern, named);
    return named;
  }
  const bool absolute = pattern.starts_with('/');
  std::vector<std::string> pieces = split(pattern, '/');
  std::erase_if(pieces, [](const std::string& piece) { return piece.empty() || piece == "."; });
  // "**/**" says no more than "**", and would be walked once for every way to split a path.
  const auto twice = [](const std::string& one, const std::string& next) { return one == "**" && next == "**"; };
  pieces.erase(std::unique(pieces.begin(), pieces.end(), twice), pieces.end());
  std::vector<fs::path> found;
  if (!pieces.empty()) search(absolute ? fs::path("/") : base, pieces, found);
  // Bytewise: paths themselves compare name by name.
  std::ranges::sort(found, {}, [](const fs::path& path) -> const std::string& { return path.native(); });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace baton
