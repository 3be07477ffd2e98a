// "Did you mean": edit distance.
#include "common/core/closest.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "common/core/text.h"

namespace baton {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  for (const auto& candidate : candidates) {
    // The distance is never below the difference in length: a huge word costs nothing.
    if (std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size()) > limit) continue;
    const std::size_t distance = edit_distance(to_lower(word), to_lower(candidate));
    if (distance > limit || (best && distance == limit)) continue;
    best = candidate;
    limit = distance;
  }
  return best;
}

}  // namespace baton
