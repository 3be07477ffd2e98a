// A live Deployment gets a label, or loses it, without a restart: its template and those of its ReplicaSets change
// while it is paused, so that resuming it finds them equal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// On a Deployment that we paused: by which deployment id.
inline constexpr std::string_view kPausedAnnotation = "baton/paused-by";

struct PodLabel {
  std::string key;
  std::optional<std::string> value;  ///< nothing: it is taken away
};

/// What an adoption gives the old colour's pods.
PodLabel colour_of_old(const Move& move);
/// Whether the pods that come next will carry it.
bool is_labelled(const Json& deployment, const PodLabel& label);

/// Why its pods cannot be labelled without a restart: somebody else paused it. Empty: they can.
std::string why_not_labelled(const Json& deployment);

/// Every pod that `deployment` has and will have carries `label` then. Each act is idempotent: after a kill the same
/// call goes on. What came later than the label (an image, a scale) is left as it is. Throws Error{stop} where somebody
/// else paused it, Error{unknown} where the controller does not follow in time.
void label_pods(Context& context, const Lease& lease, const std::string& deployment, const PodLabel& label);

}  // namespace baton::rollout
