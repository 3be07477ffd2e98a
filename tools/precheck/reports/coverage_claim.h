// What a coverage report claims in sum, weighed against the lines that it lists.
#pragma once

#include <optional>
#include <string_view>

#include "tools/precheck/reading.h"

namespace baton::precheck {

/// What one pass over a report has gathered.
struct CoverageTally {
  LineHits lines = {};
  LineCount listed = {};                 ///< each line as often as it stands there
  std::optional<LineCount> claim = {};   ///< the report's own sums
  std::string_view claimed_by = "root";  ///< where those stand: "its root"

  /// `line` is at most LineHits::kMaxLine.
  void add(const std::string& file, std::uint32_t line, bool is_hit);
};

/// By the lines, each once; where their share and the claim's differ by more than rounding, by the lower one, and with
/// a doubt. A claim that counts every repetition of a line, as of templates, agrees with its lines. Without lines the
/// claim stands alone. Throws Error{unknown} "NAME: it counts no lines" where there is neither.
LineCoverage weigh_coverage(CoverageTally tally, std::string_view name);
/// One of `folder` and `path` as every report spells it: "/" between the parts, none of them "." or "..".
std::string source_path(std::string_view folder, std::string_view path);
/// The longest that a path may be, in bytes.
inline constexpr std::size_t kMaxPath = 4096;

}  // namespace baton::precheck
