// How traffic moves from one release to the next.
#pragma once

#include <string_view>

namespace baton::rollout {

// As `switch.strategy` spells them.
inline constexpr std::string_view kBlueGreen = "blue-green";  ///< at once
inline constexpr std::string_view kCanary = "canary";         ///< by growing shares
inline constexpr std::string_view kRolling = "rolling";       ///< the live Deployment itself, pod by pod
// As `switch.canary.traffic` spells it; else a share is a number of pods.
inline constexpr std::string_view kGatewayApi = "gateway-api";

/// "Blue-Green", as people read it; of an empty one too, which earlier versions recorded.
std::string_view strategy_title(std::string_view strategy);

}  // namespace baton::rollout
