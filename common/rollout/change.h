// A change to an object that others write, too.
#pragma once

#include <functional>
#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"

namespace baton::rollout {

/// Adds the operations of a JSON patch that `object`, as it is now, still needs.
using Changes = std::function<void(Json& operations, const Json& object)>;

/// Patches it by compare-and-swap, as long as the Lease is ours: again on what was read last when somebody else was
/// faster, not at all where nothing is to change. False where it is not there.
bool change(Context& context, const Lease& lease, const kube::Resource& resource, const std::string& name,
            const Changes& add);

}  // namespace baton::rollout
