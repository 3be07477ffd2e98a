// How traffic moves from one release to the next.
#pragma once

#include <string_view>

namespace baton::rollout {

/// As people read it. Every move of this version goes to the other colour at once.
inline constexpr std::string_view kStrategy = "Blue-Green";

}  // namespace baton::rollout
