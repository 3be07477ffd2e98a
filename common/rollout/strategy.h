// How traffic moves from one release to the next.
#pragma once

#include <string_view>

namespace baton::rollout {

// As `switch.strategy` spells them.
inline constexpr std::string_view kBlueGreen = "blue-green";  ///< at once
inline constexpr std::string_view kCanary = "canary";         ///< by growing shares

/// "Blue-Green", as people read it; of an empty one too, which earlier versions recorded.
std::string_view strategy_title(std::string_view strategy);

}  // namespace baton::rollout
