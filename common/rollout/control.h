// A canary's control: a pod of the old release that is as young, so that both are compared with cold caches.
#pragma once

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// One more pod for the old colour, recorded ahead. Nobody waits for it: a policy or a quota may say no.
void add_control(Context& context, Lease& lease, Move& move);
/// The old colour's size as it was before; one that somebody else gave it since stays.
void drop_control(Context& context, const Lease& lease, Move& move);
/// What `replicas` of the old colour are without it.
int without_control(const Move& move, int replicas);

}  // namespace baton::rollout
