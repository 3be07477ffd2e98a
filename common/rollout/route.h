// A canary's share through a Gateway API HTTPRoute: a second Service for the next colour, and a weight for each. The
// Service itself goes on to serve the old colour until its selector moves.
#pragma once

#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

inline constexpr std::string_view kBackendsAnnotation =
    "baton/backends";  ///< what the owner had, by number of the rule

/// The one that the configuration gives a canary's share through; empty: none.
std::string route_of(const Config& config);

/// Why a share cannot be given through it; empty: each rule that names the Service names nothing else, and there is
/// room for those of testers.
std::string why_no_share(const Json& route, const std::string& service, bool has_testers);

/// The next colour's own Service, named as its Deployment. None of these three does anything to a move by pods.
void create_colour_service(Context& context, const Lease& lease, const Move& move);
void drop_colour_service(Context& context, const Lease& lease, const Move& move);
/// The route sends `move.share` percent to the next colour's Service, and testers always, by a rule of their own beside
/// each of its owner's.
void weigh_route(Context& context, const Lease& lease, const Move& move);
/// The route is as its owner had it.
void restore_route(Context& context, const Lease& lease, const Move& move);

/// Whether each of its gateways took the route as it is now; fails where one does not within ten seconds.
Finding await_route(Context& context, const Move& move);

}  // namespace baton::rollout
