// A strict pass over JSON text before Poco reads it: what its parser lets through or changes silently is refused here.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/core/json.h"

namespace baton {

/// Checks the whole of RFC 8259's grammar and our limits; throws Error{unknown} "NAME:LINE:COLUMN: …". Returns how many
/// items or members each array and object has, in the order in which they open.
std::vector<std::uint32_t> scan_json(std::string_view text, std::string_view name, const JsonLimits& limits);

}  // namespace baton
