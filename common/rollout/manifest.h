// The file that kubernetes.manifest names: the template of the next colour, and what stands beside it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/core/json.h"

namespace baton::rollout {

struct Manifest {
  std::string name;               ///< of the file
  Json deployment;                ///< the only one in it
  std::vector<Json> beside = {};  ///< all others, in their order
};
/// One or more YAML or JSON documents; those of a List stand for themselves. Throws Error{usage} with file, line and
/// column, where there is not exactly one Deployment, and where one of them is a Secret: nobody here reads those.
Manifest manifest_in(std::string_view text, std::string_view name);
/// Nothing where none is configured.
std::optional<Manifest> manifest_of(const Config& config);

/// A ConfigMap that the Deployment's own pods name: it goes with their colour. Whatever else stands beside the
/// Deployment is applied as it is.
bool is_configuration(const Manifest& manifest, const Json& object);
/// "ServiceAccount 'shop'" of each that is applied as it is.
std::vector<std::string> applied_names(const Manifest& manifest);

/// "ConfigMap 'settings'"
std::string object_text(const Json& object);

}  // namespace baton::rollout
