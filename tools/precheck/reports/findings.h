// The findings of several reports, each counted once.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tools/precheck/reports/security_report.h"
#include "tools/precheck/reports/vex.h"

namespace baton::precheck {

/// By vulnerability and package: a CVE and its alias in another database are one. What one report counts and another
/// does not counts, by the worse of their severities.
class Findings {
 public:
  void add(const Vulnerability& found);

  /// Those that count.
  int count(Severity severity) const;
  /// The worst first.
  std::vector<Vulnerability> found() const;
  /// Those that do not count, the worst first.
  std::vector<Vulnerability> set_aside() const;

 private:
  std::vector<Vulnerability> sorted(bool is_found) const;

  std::map<std::pair<std::string, std::string>, Vulnerability> by_name_ = {};
};

}  // namespace baton::precheck
