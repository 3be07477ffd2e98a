// `precheck.quality:` what the build must have shown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/config/endpoint.h"
#include "common/core/time.h"

namespace baton {

/// A SonarQube server and the project whose quality gate counts; in the file {url, token, ca, headers, project}.
struct SonarQube {
  Endpoint at = {};
  std::string project = {};
};

/// SOP 1.1.
struct QualityConfig {
  double review_min = 90;           ///< of 100
  std::string review_file = {};     ///< any JSON file
  std::string review_pointer = {};  ///< to the score in it
  std::string review_forge = {};    ///< "github", "gitlab"; empty: reviews are not asked for there
  int review_approvals = 1;
  SonarQube sonarqube = {};
  double coverage_min = 80;  ///< percent
  std::vector<std::string> coverage_reports = {};
  std::vector<std::string> unit_tests = {};  ///< globs
  std::vector<std::string> integration_tests = {};
  std::vector<std::string> e2e_tests = {};
  int min_tests = 1;
  std::map<std::string, std::string> exit_codes = {};  ///< unit, integration, e2e → what the job ended with
  std::vector<std::string> vulnerability_reports = {};
  int max_critical = 0;  ///< P0; decisions 13
  int max_high = 0;      ///< P1
  std::vector<std::string> vex = {};
  std::optional<Duration> max_p95 = {};
  std::vector<std::string> performance_reports = {};
  std::string performance_query = {};  ///< PromQL, seconds
};

namespace config {
struct Key;
/// The keys of `precheck.quality`.
void add_precheck_quality(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
