// The controllers: each looks at what is there and does the next thing towards what is wanted.
#pragma once

#include "tests/sandbox/network.h"
#include "tests/sandbox/store.h"

namespace baton::sandbox {

/// Makes ReplicaSets of Deployments and moves pods from old ones to the newest as the strategy allows.
void sync_deployments(Store& store, const Clock& clock);
/// Makes and ends the pods of ReplicaSets.
void sync_replica_sets(Store& store, Network& network, const Clock& clock);
/// Makes, replaces and ends the pods of StatefulSets, in the order of their numbers.
void sync_stateful_sets(Store& store, Network& network, const Clock& clock);
/// Keeps a pod of each DaemonSet on every node.
void sync_daemon_sets(Store& store, Network& network, const Clock& clock);
/// Keeps one EndpointSlice a Service that has a selector.
void sync_endpoint_slices(Store& store);

/// Sizes the Deployments that autoscalers aim at.
void sync_autoscalers(Store& store, const Clock& clock);

/// So many letters as generated names have them, each from four hexadecimal digits.
std::string generated_letters(const std::string& digest, std::size_t count);

}  // namespace baton::sandbox
