// What scanners found, over several reports and VEX: the three checks that ask for it differ in which reports count.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/check.h"
#include "tools/precheck/reports/findings.h"

namespace baton::precheck {

struct SecurityQuestion {
  const std::vector<std::string>& reports;  ///< globs
  std::string_view unit;                    ///< of the count of critical and high ones
  int max_critical = 0;
  int max_high = 0;
  bool of_packages_only = false;  ///< what looks at code is refused
  bool must_name_image = false;   ///< what names no image is refused
};

/// Reads the reports and what VEX says of them. Where a report names an image by its digest it must be the release's.
/// Throws Error{unknown} where one cannot be believed: no whole report of
/// a scan that ended, too old, of another image or of another kind.
Observation look_for_vulnerabilities(const Look& look, const SecurityQuestion& question);
/// What is asked for: "0 P0/P1 vulnerabilities", "at most 1 critical, 2 high vulnerabilities".
Expected expected_vulnerabilities(std::string_view unit, int max_critical, int max_high);

}  // namespace baton::precheck
