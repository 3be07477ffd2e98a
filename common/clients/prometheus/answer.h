// The envelope every answer of the Prometheus API comes in.
#pragma once

#include <string_view>

#include "common/core/json.h"

namespace baton::prometheus {

/// The whole answer, its `status` checked. Throws Error{unknown} with Prometheus's own words when it is an error.
Json parse_envelope(std::string_view body, std::string_view name);

}  // namespace baton::prometheus
