// What a manifest holds beside its Deployment, applied before the next colour comes up.
#pragma once

#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/manifest.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Why the object cannot be applied, behind its name: "is moved by Baton itself"; empty: it can, the API server would
/// take it (server-side dry run). Reads only.
std::string why_not_applied(Context& context, const Live& live, const Manifest& manifest, const Json& object);

/// All of it in the order of the file, ConfigMaps that the next colour names among them. Again it changes nothing.
void apply_manifest(Context& context, const Lease& lease, const Move& move);

}  // namespace baton::rollout
