// A colour's own configuration: what its ConfigMaps held when it came up, and copies of those that its release changes,
// so that a rollback finds the configuration of the version before.
//
// A copy cannot be changed, is named after what it holds, and is owned by the Deployments that name it: with the last
// of them the cluster's garbage collection removes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/manifest.h"
#include "common/rollout/move.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

/// On a colour's Deployment: {"settings": "<SHA-256>", …}.
inline constexpr std::string_view kConfigAnnotation = "baton/config";
/// On a copy: the Service whose colours it belongs to.
inline constexpr std::string_view kCopyLabel = "baton/service";

/// Those of the manifest that `move` makes, each as a copy where what is there holds something else, and copies that it
/// goes on using or may let go of, by name; its next colour's Deployment may be there from an earlier release. Reads
/// only.
std::vector<std::string> plan_config_maps(const Context& context, const Move& move, const Json& live_deployment);

/// The manifest's Deployment, naming the copies of `move` instead of what they are copies of.
Json with_copies(const Manifest& manifest, const Move& move);

/// A ConfigMap of the manifest is there as the release needs it: as a copy of its own where what is there holds
/// something else. That one is never written. Throws Error{stop} where somebody else is in the way.
void bring_config_map(Context& context, const Lease& lease, const Move& move, const Json& config_map);

/// Every copy is owned by the next colour's Deployment where that names it, by it no more where it does not, and is
/// deleted where nobody is left who needs it.
void settle_copies(Context& context, const Lease& lease, const Move& move);
/// The same. Throws Error{unknown} where one that the next colour names is gone.
void own_copies(Context& context, const Lease& lease, const Move& move);

/// What those that it names hold now, by name; of an absent one nothing. Nothing at all where they may not be read.
Labels contents_now(const Context& context, const Json& deployment);
/// The Deployment, with that written on it.
Json with_contents(const Context& context, Json deployment);
void add_contents(Json& operations, const Context& context, const Json& deployment);
/// What they held when it came up, as it is written on it.
Labels contents_then(const Json& deployment);

}  // namespace baton::rollout
