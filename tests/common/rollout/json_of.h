// JSON written down in tests as it stands in manifests.
#pragma once

#include <string_view>

#include "common/core/json.h"

namespace baton::rollout {

inline Json json(std::string_view text) { return parse_json(text, "test"); }

}  // namespace baton::rollout
