// A pod's status as a kubelet reports it.
#pragma once

#include "common/core/json.h"
#include "tests/sandbox/pod.h"

namespace baton::sandbox {

/// `object` gives the containers and the conditions it had before.
Json status_of(const Pod& pod, const Json& object, Time now);

}  // namespace baton::sandbox
