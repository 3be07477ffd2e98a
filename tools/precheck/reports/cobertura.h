// Cobertura XML: line coverage.
#pragma once

#include <string_view>

namespace baton::precheck {

struct LineCoverage {
  double covered = 0;
  double valid = 0;  ///< lines; 0: nothing was measured
  double percent() const { return valid > 0 ? 100 * covered / valid : 0; }
};

/// By the report's own lines; where it lists none, by lines-covered and lines-valid of its root. Throws Error{unknown}
/// when it is not Cobertura or has only a rate, which cannot be weighed.
LineCoverage parse_cobertura(std::string_view text, std::string_view name);

}  // namespace baton::precheck
