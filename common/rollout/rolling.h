// A rolling update of the live Deployment itself: one pod more at a time and none missing, whatever pace its owner gave
// it.
#pragma once

#include "common/rollout/acts.h"

namespace baton::rollout {

/// The owner's own spec.strategy and spec.minReadySeconds, while ours hold.
inline constexpr std::string_view kPaceAnnotation = "baton/pace";

/// The SOP's pace, then the release. Taken back, the image comes first: its owner's pace is as quick as he allows.
std::span<const Act> rolling();
/// Its owner's pace again.
void restore_pace(Context& context, const Lease& lease, const Move& move);

}  // namespace baton::rollout
