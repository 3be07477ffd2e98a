// Whether anybody serves: the question that no metric answers in time.
#pragma once

#include <string>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Whether any endpoint of the Service is ready.
bool has_ready_endpoint(Context& context, const std::string& service);

/// Who gets the traffic, for people: "'myapp-green' serves v1.6.0", "nobody serves: …", or why it cannot be told. Asks
/// also when told to stop.
std::string who_serves(Context& context);

/// Whether the old colour lost all its pods too, though it should have some: then a node, a drain or a dependency is
/// the cause and not the release (decisions 37).
bool suffers_too(Context& context, const Move& move);

}  // namespace baton::rollout
