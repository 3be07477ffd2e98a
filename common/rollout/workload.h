// What runs the pods behind a Service: a Deployment, a StatefulSet or a DaemonSet. Only a Deployment can stand beside
// another of the next colour; over the others a release is rolled.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// "Deployment", also of an object that does not say what it is, as those of a list.
std::string kind_of(const Json& workload);
bool is_deployment(const Json& workload);
bool is_stateful_set(const Json& workload);
bool is_daemon_set(const Json& workload);

/// Whether a release can be rolled over workloads of this kind.
bool is_workload(std::string_view kind);
/// Where objects of this kind live; of an empty one, which earlier versions recorded, Deployments. Throws
/// Error{unknown} where it is none of ours.
const kube::Resource& workloads_of(std::string_view kind);
/// Of what has the release.
const kube::Resource& workloads_of(const Move& move);
/// What has the release, as it is; nothing where it is not there.
std::optional<Json> find_workload(Context& context, const Move& move);
/// "statefulset/myapp", as kubectl takes it, of what the release was rolled over.
std::string kubectl_name(const Move& move);

/// spec.replicas; 1 where it is absent, as the API has it. Of a DaemonSet the nodes that it is for.
int replicas_of(const Json& workload);

}  // namespace baton::rollout
