// What the API server does to an object before it stores it: defaults, and refusals of what cannot be.
#pragma once

#include "common/core/json.h"
#include "tests/sandbox/kinds.h"
#include "tests/sandbox/network.h"

namespace baton::sandbox {

/// `before` is null on creation. Refusal 422 when the object cannot be.
void admit(const Kind& kind, const Json& before, Json& object, Network& network);
/// Gives back what admission took for an object that could not be stored or was deleted.
void release(const Kind& kind, const Json& object, Network& network);

}  // namespace baton::sandbox
