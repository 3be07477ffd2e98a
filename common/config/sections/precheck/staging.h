// `precheck.staging:` the release as it runs on staging.
#pragma once

#include <string>
#include <vector>

namespace baton {

/// SOP 1.4.
struct StagingConfig {
  std::string url = {};
  std::string context = {};
  std::string namespace_name = {};
  std::string service = {};                   ///< empty: kubernetes.service
  std::vector<std::string> e2e = {};          ///< globs of test results
  std::vector<std::string> smoke = {};        ///< globs of test results
  std::vector<std::string> performance = {};  ///< globs of load test reports
  std::vector<std::string> log_errors = {"ERROR", "FATAL", "panic:"};
  std::vector<std::string> log_allow = {};
};

namespace config {
struct Key;
/// The keys of `precheck.staging`.
void add_precheck_staging(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
