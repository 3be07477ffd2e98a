// What one pod asks for, as the scheduler and quotas add it up.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "tools/precheck/capacity/amounts.h"

namespace baton::precheck {

enum class Ask { requests, limits };

/// Of a pod's spec: containers and sidecars (init containers that restart always) side by side, or an init container
/// with the sidecars before it where that is more; overhead on top; what the pod as a whole asks for (spec.resources)
/// instead of its containers' sums. A limit without a request is one, as the API server has it. Without "pods".
Amounts needs_of(const Json& spec, Ask ask = Ask::requests);

/// "TCP 0.0.0.0:8080" of each port of the node that it takes.
std::set<std::string> host_ports_of(const Json& spec);
/// Whether both cannot be on one node: the same port and protocol, on the same address or on all.
bool clash(const std::set<std::string>& one, const std::set<std::string>& other);

/// PersistentVolumeClaims that it names, each once.
std::set<std::string> claims_of(const Json& spec);
/// Volumes that are made anew for each pod.
std::size_t own_volumes_of(const Json& spec);

}  // namespace baton::precheck
