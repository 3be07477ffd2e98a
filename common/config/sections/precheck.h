// `precheck:` what is checked before anything moves.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

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
