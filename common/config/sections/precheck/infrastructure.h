// `precheck.infrastructure:` what must be well before anything moves.
#pragma once

#include <string>
#include <vector>

#include "common/config/endpoint.h"
#include "common/core/units.h"

namespace baton {

/// SOP 1.2.
struct InfrastructureConfig {
  Percent node_cpu = {70};  ///< of allocatable; decisions 24
  Percent node_memory = {70};
  Endpoint redis = {};  ///< redis:// or rediss://
  std::vector<std::string> external = {};
  Endpoint alertmanager = {};
};

namespace config {
struct Key;
/// The keys of `precheck.infrastructure`.
void add_precheck_infrastructure(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
