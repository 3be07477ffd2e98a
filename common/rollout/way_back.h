// Which selector a rollback puts back.
#pragma once

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// move.selector_before, or for an adopted Deployment that was changed since: the same narrowed to the pods it has by
/// now.
Labels way_back(Context& context, const Move& move);

}  // namespace baton::rollout
