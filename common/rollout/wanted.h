// The next colour's Deployment of a move, and how it is written.
#pragma once

#include <optional>
#include <string>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// "repository@sha256:…"
std::string pinned_image(const Config& config, const std::string& digest);

/// What `move` brings up: made from kubernetes.manifest, else from what is live. Throws Error{usage} where the template
/// does not fit.
Json wanted_deployment(const Config& config, const Move& move, const Json& live_deployment);

/// Creates it; where one of its name was there (`existing`, as it was read), replaces that.
void write_workload(Context& context, const std::optional<Json>& existing, Json wanted, kube::Write write);

}  // namespace baton::rollout
