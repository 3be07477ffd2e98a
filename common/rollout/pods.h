// Pods: what their JSON says of them, and which of them a workload owns.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

const std::string& name_of(const Json& object);
const std::string& uid_of(const Json& object);
/// Nothing where nobody can tell.
std::optional<Time> created_at(const Json& object);
/// Being deleted: its endpoints are on their way out.
bool is_terminating(const Json& object);
bool is_ready(const Json& pod);
/// It ran to its end or was evicted: nothing of it is left but its record.
bool is_finished(const Json& pod);
/// Of all its containers since it started.
int restarts_of(const Json& pod);
/// The same name, or the same digest: a webhook may have put a mirror's name in front of it.
bool is_same_image(std::string_view one, std::string_view other);
/// Whether a container of the pod's spec runs `image`.
bool runs_image(const Json& pod, std::string_view image);
/// The owner that controls it ({kind, name, uid}); null when nobody does.
const Json& controller_of(const Json& object);

/// Of every revision that it still has.
std::vector<Json> owned_sets(Context& context, const Json& deployment);
enum class PodDetail {
  lean,   ///< without variables, volumes, resources and managed fields, which are most of a pod
  sized,  ///< lean, but with resources
  whole
};
/// What takes pods in one by one, so that of a large fleet no more than a page is held.
struct PodVisitor {
  std::function<void()> begin;  ///< before the first pod, and whenever what was taken so far is void
  std::function<void(Json)> take;
};
/// Pods that the workload controls, a Deployment through its ReplicaSets, the terminating ones too. Told by owner,
/// never by label alone: an adopted Deployment's own selector also matches the other colour's pods.
void visit_pods(Context& context, const Json& workload, const PodVisitor& visitor, PodDetail detail = PodDetail::lean);
/// The same, kept.
std::vector<Json> owned_pods(Context& context, const Json& workload, PodDetail detail = PodDetail::lean);
/// Of all pods that wear the labels, whoever owns them.
void visit_pods_under(Context& context, const Labels& labels, const PodVisitor& visitor,
                      PodDetail detail = PodDetail::lean);
/// Ready, and not on its way out.
bool serves(const Json& pod);
/// What is asked of a pod that serves: who it is and what runs in it. How it does is half of it, and is not held.
Json core_of(const Json& pod);
/// The cores of those that serve.
std::vector<Json> ready_pods(const std::vector<Json>& pods);
std::vector<Json> ready_pods(Context& context, const Json& workload);
std::vector<Json> ready_pods_under(Context& context, const Labels& labels, PodDetail detail = PodDetail::lean);
std::set<std::string> uids_of(const std::vector<Json>& objects);

/// How the ReplicaSet names its pods: "myapp-green-7d9f8b6c5d-*".
std::string pods_made_by(std::string_view set);
/// The pod's own name, or how its ReplicaSet names what it makes: a StatefulSet and a DaemonSet have no such part of
/// the name for each release.
std::string named_as(const Json& pod);
/// How the pods of a workload are named, sorted; of a Deployment those of each of its ReplicaSets, those that are gone,
/// too.
std::vector<std::string> pods_of(Context& context, const Json& workload);

}  // namespace baton::rollout
