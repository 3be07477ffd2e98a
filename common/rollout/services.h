// More Services that move as one with the first: each only ever gains, changes or loses the colour's key.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Each of the move's other Services selects `colour` then; empty: both colours, as before an adoption. One that is
/// gone has no users.
void point_services(Context& context, const Lease& lease, const Move& move, const std::string& colour);
/// The names of those that are there.
std::vector<std::string> services_there(Context& context, const Move& move);
/// Those that went over before the first one could select the old colour again.
void call_services_back(Context& context, const Lease& lease, const Move& move);
/// Names of those that would send users to `colour`.
std::vector<std::string> services_of(Context& context, const Move& move, const std::string& colour);
/// Names of those that are there and do not select `colour` alone; empty: both colours.
std::vector<std::string> services_astray(Context& context, const Move& move, const std::string& colour);

}  // namespace baton::rollout
