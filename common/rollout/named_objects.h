// The objects that a pod names in its spec and cannot start without.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/core/json.h"

namespace baton::rollout {

/// What is marked as optional is left out.
struct NamedObjects {
  std::map<std::string, std::set<std::string>> config_maps = {};  ///< with the keys that are named
  std::map<std::string, std::set<std::string>> secrets = {};      ///< nobody reads them
};
/// Environment, volumes and imagePullSecrets of all containers.
NamedObjects named_in(const Json& pod_spec);
/// The Secrets that a Deployment's pods name, sorted.
std::vector<std::string> secrets_of(const Json& deployment);

}  // namespace baton::rollout
