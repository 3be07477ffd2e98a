// A rollback of a rolling update.
#pragma once

#include "common/rollout/put_back.h"

namespace baton::rollout {

/// put_back() of a move that rolled over the live Deployment.
Undo unroll(Context& context, Lease& lease, const Move& move, const UndoOrder& order);

}  // namespace baton::rollout
