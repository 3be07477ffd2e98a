// `precheck.monitoring:` who sees it when it goes wrong.
#pragma once

#include <string>
#include <vector>

#include "common/config/endpoint.h"

namespace baton {

/// A JSON document and a place in it; in the file {url, token, ca, headers, pointer}.
struct Pointed {
  Endpoint at = {};
  std::string pointer = {};
};

/// SOP, "Monitoring & Alerting".
struct MonitoringConfig {
  std::vector<std::string> dashboards = {};
  std::vector<std::string> alerts = {};  ///< names of rules that must be loaded
  Endpoint loki = {};
  Pointed apm = {};  ///< the pointer leads to the time when it last saw the service
};

namespace config {
struct Key;
/// The keys of `precheck.monitoring`.
void add_precheck_monitoring(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
