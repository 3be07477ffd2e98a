// Pods: readiness, restarts and ownership.
#include "common/rollout/pods.h"

#include <algorithm>
#include <utility>

#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

const Json& null_json() {
  static const Json null;
  return null;
}

void drop(Json& object, std::initializer_list<std::string_view> members) {
  if (!object.is_object()) return;
  for (const auto member : members) object.erase(member);
}

/// Without what takes up most of a pod and nobody asks it for: of thousands that is hundreds of megabytes.
Json lean(Json pod) {
  drop(pod["metadata"], {"managedFields"});
  drop(pod["spec"], {"volumes", "tolerations", "affinity"});
  for (const auto* list : {"containers", "initContainers"}) {
    if (!std::as_const(pod)["spec"][list].is_array()) continue;
    for (auto& container : pod["spec"][list].items())
      drop(container, {"env", "envFrom", "volumeMounts", "command", "args", "resources"});
  }
  return pod;
}

kube::Selection selection_of(const Json& deployment) {
  return {.labels = selector_text(labels_from(deployment["spec"]["selector"]["matchLabels"]))};
}

}  // namespace

const std::string& name_of(const Json& object) { return object["metadata"]["name"].string(); }
const std::string& uid_of(const Json& object) { return object["metadata"]["uid"].string(); }
std::optional<Time> created_at(const Json& object) {
  return parse_rfc3339(object["metadata"]["creationTimestamp"].string_or(""));
}

bool is_terminating(const Json& object) { return !object["metadata"]["deletionTimestamp"].is_null(); }

bool is_ready(const Json& pod) {
  return std::ranges::any_of(pod["status"]["conditions"].items_or_none(), [](const Json& condition) {
    return condition["type"].string_or("") == "Ready" && condition["status"].string_or("") == "True";
  });
}

bool is_finished(const Json& pod) {
  const auto phase = pod["status"]["phase"].string_or("");
  return phase == "Succeeded" || phase == "Failed";
}

int restarts_of(const Json& pod) {
  std::int64_t restarts = 0;
  for (const auto& status : pod["status"]["containerStatuses"].items_or_none()) {
    restarts += status["restartCount"].integer_or(0);
  }
  return static_cast<int>(restarts);
}

bool is_same_image(std::string_view one, std::string_view other) {
  const auto digest_in = [](std::string_view image) { return image.substr(std::min(image.find('@'), image.size())); };
  return one == other || (!digest_in(one).empty() && digest_in(one) == digest_in(other));
}

bool runs_image(const Json& pod, std::string_view image) {
  return std::ranges::any_of(pod["spec"]["containers"].items_or_none(), [&](const Json& container) {
    return is_same_image(container["image"].string_or(""), image);
  });
}

const Json& controller_of(const Json& object) {
  for (const auto& owner : object["metadata"]["ownerReferences"].items_or_none()) {
    if (owner["controller"].boolean_or(false)) return owner;
  }
  return null_json();
}

std::vector<Json> owned_sets(Context& context, const Json& deployment) {
  auto sets = context.kube.list(kube::kReplicaSets, selection_of(deployment), context.stop);
  std::erase_if(sets, [&](const Json& set) { return controller_of(set)["uid"].string_or("") != uid_of(deployment); });
  return sets;
}

std::vector<Json> owned_pods(Context& context, const Json& workload, PodDetail detail) {
  const auto owners =
      is_deployment(workload) ? uids_of(owned_sets(context, workload)) : std::set<std::string>{uid_of(workload)};
  std::vector<Json> pods;
  const auto take = [&](Json pod) {
    if (!owners.contains(controller_of(pod)["uid"].string_or(""))) return;
    if (detail == PodDetail::lean) pod = lean(std::move(pod));
    pods.push_back(std::move(pod));
  };
  context.kube.visit(kube::kPods, selection_of(workload), {.begin = [&] { pods.clear(); }, .take = take}, context.stop);
  return pods;
}

std::vector<Json> ready_pods(std::vector<Json> pods) {
  std::erase_if(pods, [](const Json& pod) { return !is_ready(pod) || is_terminating(pod); });
  return pods;
}

std::set<std::string> uids_of(const std::vector<Json>& objects) {
  std::set<std::string> uids;
  for (const auto& object : objects) uids.insert(uid_of(object));
  return uids;
}

std::string pods_made_by(std::string_view set) {
  constexpr std::size_t kLongestBase = 58;  // of a generated name, which ends in five letters
  return (std::string(set) + "-").substr(0, kLongestBase) + "*";
}

std::string named_as(const Json& pod) {
  const auto& owner = controller_of(pod);
  return owner["kind"] == Json(kube::kReplicaSets.kind) ? pods_made_by(owner["name"].string_or("")) : name_of(pod);
}

std::vector<std::string> pods_of(Context& context, const Json& workload) {
  std::vector<std::string> pods;
  if (!is_deployment(workload)) {
    for (const auto& pod : owned_pods(context, workload)) pods.push_back(name_of(pod));
  } else {
    for (const auto& set : owned_sets(context, workload)) pods.push_back(pods_made_by(name_of(set)));
  }
  std::ranges::sort(pods);
  return pods;
}

}  // namespace baton::rollout
