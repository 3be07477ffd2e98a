// LimitRanges of the namespace: what they add to a pod, and what they refuse.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/json.h"

namespace baton::precheck {

/// The pod's spec with the requests and limits that it would be given.
Json with_defaults(Json spec, const std::vector<Json>& ranges);
/// Why it would be refused, after its defaults: "LimitRange 'x': container 'app' asks for 2 cores of cpu, at most 1
/// core"; nothing: it would be taken.
std::optional<std::string> refusal_of_range(const Json& spec, const std::vector<Json>& ranges);

}  // namespace baton::precheck
