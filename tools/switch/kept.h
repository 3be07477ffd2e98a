// The good end: the new colour stays.
#pragma once

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// Recorded and told, unless a critical question stayed open: then nothing is recorded as kept, the next run goes on
/// judging, and another deployment would put the traffic back.
StepResult keep(World& world, rollout::Lease& lease, Attempt& attempt);
/// Of a run that was killed after the end and before the handoff was written, or the Service's copy of the record.
StepResult kept_before(World& world, rollout::Lease& lease, Attempt& attempt);

}  // namespace baton::cutover
