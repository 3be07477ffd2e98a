// Which key a person who mistyped one probably meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::config {

/// The known key or section that was probably meant: a sibling spelled alike, else the same word elsewhere.
std::optional<std::string> meant_key(const std::string& path);

/// "switch.soak" is below "switch".
bool is_below(std::string_view path, std::string_view section);

}  // namespace baton::config
