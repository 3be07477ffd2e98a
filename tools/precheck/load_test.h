// What load tests come to: the same of the build's and of those on staging.
#pragma once

#include <optional>

#include "tools/precheck/check.h"
#include "tools/precheck/reading.h"

namespace baton::precheck {

struct LoadRules {
  std::optional<Duration> max_p95 = {};    ///< what the P95 must stay under; nothing: there is no target to hold it to
  Outcome with_errors = Outcome::unknown;  ///< what an error rate of 1 % or more comes to
  bool needs_errors = false;               ///< a report that tells of none is unknown
};

/// Fails where the P95 has reached its target, and where a test has not kept a threshold of its own. Unknown without a
/// target, where a report has no P95, and where only its P99 is known and that has reached the target.
Observation judge_load(const LoadResults& results, const LoadRules& rules);
/// Reads all reports and adds them to `results`. Throws as read_reports() does.
std::vector<Evidence> read_load(const Look& look, const std::vector<std::string>& globs, LoadResults& results);
/// "< 200 ms", of precheck.quality.performance.max_p95.
Expected expected_p95(const Config& config);

}  // namespace baton::precheck
