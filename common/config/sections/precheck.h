// `precheck:` what is checked before anything moves.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

/// The names in precheck.not_applicable that take away every metric: the part, its check, the check's group.
inline constexpr std::array<std::string_view, 3> kMetricsNames = {"metrics", "metrics-baseline", "monitoring"};

struct PrecheckConfig {
  Duration max_age = 24h;
  std::map<std::string, std::string> not_applicable = {};  ///< group or check id → reason
  double coverage_min = 80;                                ///< percent; SOP 1.1
  std::vector<std::string> coverage_reports = {};
  std::vector<std::string> unit_tests = {};  ///< globs of JUnit files
  std::vector<std::string> integration_tests = {};
  std::vector<std::string> e2e_tests = {};
  int min_tests = 1;
  std::string staging_url = {};
};

namespace config {
struct Key;
/// The keys of the section.
void add_precheck(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
