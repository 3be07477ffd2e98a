// Objects of the cluster as they may be kept and shown.
#pragma once

#include "common/core/json.h"

namespace baton::rollout {

/// The object without the plain values of its containers' variables: their names stay, and so does where a value is
/// taken from. kubectl's copy of what was last applied goes too: it holds the same values.
Json masked(Json object);

}  // namespace baton::rollout
