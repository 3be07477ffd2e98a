// The next colour, from nothing to smoked: all that happens before any user meets it.
#pragma once

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// Adopts where needed, writes the Deployment, as large as `share` percent of the traffic asks for, waits for its pods,
/// smokes each and rehearses on them. The failed finding is the last of attempt.findings when this is false. Doing it
/// again changes nothing.
bool bring_up(World& world, rollout::Lease& lease, Attempt& attempt, const Json& wanted, int share);
/// Later: it grows to what `share` asks for beside what serves now.
bool grow(World& world, rollout::Lease& lease, Attempt& attempt, int share);

}  // namespace baton::cutover
