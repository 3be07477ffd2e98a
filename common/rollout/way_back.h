// Which selector a rollback puts back.
#pragma once

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// move.selector_before; where an earlier version narrowed that to one ReplicaSet, and the Deployment was changed
/// since: narrowed to the pods it has by now.
Labels way_back(Context& context, const Move& move);

}  // namespace baton::rollout
