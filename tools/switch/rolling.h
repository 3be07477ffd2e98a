// A rolling update, pod by pod.
#pragma once

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// The live Deployment gets the release; each new pod is waited for and smoked as it comes. Empty, or why it must be
/// undone. Doing it again goes on.
std::string roll_out(World& world, rollout::Lease& lease, Attempt& attempt);

}  // namespace baton::cutover
