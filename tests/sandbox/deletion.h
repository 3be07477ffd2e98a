// How objects go: pods by being terminated, dependents when their owner is gone.
#pragma once

#include <chrono>
#include <string>

#include "tests/sandbox/store.h"

namespace baton::sandbox {

/// Marks a pod as terminating; the kubelet ends it. A pod that already is keeps its first deadline.
std::optional<Json> terminate_pod(Store& store, const Key& key, std::chrono::seconds grace, Time now);
/// The grace that the pod itself asks for.
std::chrono::seconds grace_of(const Json& pod);
/// Deletes ReplicaSets, pods and EndpointSlices whose controlling owner is gone, and ConfigMaps whose owners all are.
void collect_garbage(Store& store, Time now);
/// Cuts the dependents of an owner loose, so that they stay when it goes.
void orphan_dependents(Store& store, const std::string& owner_uid);

}  // namespace baton::sandbox
