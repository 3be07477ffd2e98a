// A rolling update of what serves itself. Of a Deployment one pod more at a time and none missing, whatever pace its
// owner gave it; a StatefulSet has no pod more, and a DaemonSet keeps its owner's numbers.
#pragma once

#include <string>

#include "common/rollout/acts.h"

namespace baton::rollout {

/// The owner's own part of the spec, while our pace holds.
inline constexpr std::string_view kPaceAnnotation = "baton/pace";

/// The SOP's pace, then the release. Taken back, the image comes first: its owner's pace is as quick as he allows.
std::span<const Act> rolling();
/// "one pod more at a time and none missing", of the pace that a release gets.
std::string pace_words(const Json& workload);
/// Its owner's pace again.
void restore_pace(Context& context, const Lease& lease, const Move& move);

}  // namespace baton::rollout
