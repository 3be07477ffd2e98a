// ConfigMaps as a pod's configuration: which ones a template names, what they hold, and templates that name others
// instead.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "common/core/json.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

/// SHA-256 of what it holds, in hexadecimal digits: the same however it is ordered, and however its binary values are
/// wrapped. Throws Error{usage} where a value is no text, as the API server would refuse it.
std::string content_of(const Json& config_map);

/// "settings-0123456789": the name of a copy of `name` that holds `content`.
std::string copy_name(std::string_view name, std::string_view content);
/// Whether `name` is one of a copy that holds `content`.
bool is_copy_name(std::string_view name, std::string_view content);

/// Those that the Deployment's pods name: environment and volumes of all containers, what is marked as optional, too.
std::set<std::string> config_maps_of(const Json& deployment);
/// The Deployment, naming others instead: `names` by the name before.
Json with_config_maps(Json deployment, const Labels& names);

}  // namespace baton::rollout
