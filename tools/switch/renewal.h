// After the soak the old colour's pods are renewed, one by one (decisions 49): connections that clients keep would
// otherwise stay on the release before for days, and the largest move of users would come unguarded when it shrinks.
#pragma once

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"
#include "tools/switch/soak.h"
#include "tools/switch/stages.h"

namespace baton::cutover {

/// The last stage's soak, which lasts until all are renewed. The old colour stays the way back meanwhile: one pod less
/// at most, and only while the images of its pods can still be pulled as what they are now. Pods that came after the
/// switch are left alone: another run began.
Soaked soak_and_renew(World& world, rollout::Lease& lease, Attempt& attempt, const Stage& stage);

}  // namespace baton::cutover
