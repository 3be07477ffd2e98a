// What the API server says about itself: versions, groups, kinds, and as much OpenAPI as kubectl asks for.
#pragma once

#include <optional>
#include <string>

#include "common/core/json.h"

namespace baton::sandbox {

/// The document under a path such as "/api", "/apis/apps/v1", "/version", "/openapi/v3"; nothing for other paths.
std::optional<Json> discovery(const std::string& path);

}  // namespace baton::sandbox
