// The next colour, from nothing to smoked: all that happens before any user meets it.
#pragma once

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// Adopts where needed, writes the Deployment, waits for its pods and smokes each. The failed finding is the last of
/// attempt.findings when this is false. Doing it again changes nothing.
bool bring_up(World& world, rollout::Lease& lease, Attempt& attempt, const Json& wanted);

}  // namespace baton::cutover
