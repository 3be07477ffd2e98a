// PodDisruptionBudgets, asked at each eviction.
#pragma once

#include "tests/sandbox/store.h"

namespace baton::sandbox {

/// Refusal 429 where a budget allows no more, 500 where two guard the pod.
void require_evictable(const Store& store, const Json& pod);

}  // namespace baton::sandbox
