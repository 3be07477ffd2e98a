// The move that the cluster remembers.
#pragma once

#include <optional>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// The move the Service or the Lease records, finished or not; nothing when Baton never touched it.
std::optional<Move> recorded_move(Context& context);

}  // namespace baton::rollout
