// Pods: readiness, restarts and ownership.
#include "common/rollout/pods.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "common/core/text.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

const Json& null_json() {
  static const Json null;
  return null;
}

/// What takes up most of a pod and nobody asks it for: of thousands that is hundreds of megabytes. Resources, which a
/// few do ask for, come last: PodDetail::sized leaves out all before them.
constexpr std::array<std::string_view, 19> kLeftOut = {
    "managedFields", "volumes",         "tolerations",   "affinity", "topologySpreadConstraints",
    "env",           "envFrom",         "volumeMounts",  "command",  "args",
    "livenessProbe", "startupProbe",    "lifecycle",     "hostIPs",  "podIPs",
    "resizePolicy",  "securityContext", "volumeDevices", "resources"};

std::span<const std::string_view> left_out_of(PodDetail detail) {
  constexpr std::span kAll(kLeftOut);
  switch (detail) {
    case PodDetail::lean:
      return kAll;
    case PodDetail::sized:
      return kAll.first(kAll.size() - 1);
    case PodDetail::whole:
      break;
  }
  return {};
}

std::string selector_of(const Json& workload) {
  return selector_text(labels_from(workload["spec"]["selector"]["matchLabels"]));
}

/// Of a Deployment with so many revisions the selector would be longer than what it spares.
constexpr std::size_t kMostHashes = 30;

/// Only what the sets made, where they say their hashes: the Deployment's own selector may match thousands of pods of
/// the other colour.
std::string selector_of(const Json& workload, const std::vector<Json>& sets) {
  std::vector<std::string> hashes;
  for (const auto& set : sets) hashes.push_back(set["spec"]["selector"]["matchLabels"][kTemplateHash].string_or(""));
  const bool is_told = !hashes.empty() && std::ranges::find(hashes, "") == hashes.end();
  auto selector = selector_of(workload);
  if (!is_told || hashes.size() > kMostHashes) return selector;
  if (!selector.empty()) selector += ",";
  return fmt::format("{}{} in ({})", selector, kTemplateHash, join(hashes, ","));
}

void visit_under(Context& context, const std::string& selector, const PodVisitor& visitor, PodDetail detail) {
  context.kube.visit(kube::kPods, {.labels = selector},
                     {.begin = visitor.begin, .take = visitor.take, .without = left_out_of(detail)}, context.stop);
}

/// Keeps what serves.
PodVisitor serving_into(std::vector<Json>& pods) {
  return {.begin = [&pods] { pods.clear(); },
          .take =
              [&pods](const Json& pod) {
                if (serves(pod)) pods.push_back(core_of(pod));
              }};
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
  auto sets = context.kube.list(kube::kReplicaSets, {.labels = selector_of(deployment)}, context.stop);
  std::erase_if(sets, [&](const Json& set) { return controller_of(set)["uid"].string_or("") != uid_of(deployment); });
  return sets;
}

void visit_pods(Context& context, const Json& workload, const PodVisitor& visitor, PodDetail detail) {
  const auto sets = is_deployment(workload) ? owned_sets(context, workload) : std::vector<Json>{};
  const auto owners = is_deployment(workload) ? uids_of(sets) : std::set<std::string>{uid_of(workload)};
  const auto take = [&](Json pod) {
    if (owners.contains(controller_of(pod)["uid"].string_or(""))) visitor.take(std::move(pod));
  };
  visit_under(context, selector_of(workload, sets), {.begin = visitor.begin, .take = take}, detail);
}

std::vector<Json> owned_pods(Context& context, const Json& workload, PodDetail detail) {
  std::vector<Json> pods;
  const PodVisitor keep{.begin = [&] { pods.clear(); }, .take = [&](Json pod) { pods.push_back(std::move(pod)); }};
  visit_pods(context, workload, keep, detail);
  return pods;
}

void visit_pods_under(Context& context, const Labels& labels, const PodVisitor& visitor, PodDetail detail) {
  visit_under(context, selector_text(labels), visitor, detail);
}

bool serves(const Json& pod) { return is_ready(pod) && !is_terminating(pod); }

Json core_of(const Json& pod) {
  Json spec = Json::object();
  for (const auto* member : {"containers", "initContainers", "overhead"}) {
    if (const auto* found = pod["spec"].find(member)) spec[member] = *found;
  }
  return Json::object({{"metadata", pod["metadata"]}, {"spec", std::move(spec)}});
}

std::vector<Json> ready_pods(const std::vector<Json>& pods) {
  std::vector<Json> ready;
  std::ranges::for_each(pods, serving_into(ready).take);
  return ready;
}

std::vector<Json> ready_pods(Context& context, const Json& workload) {
  std::vector<Json> ready;
  visit_pods(context, workload, serving_into(ready));
  return ready;
}

std::vector<Json> ready_pods_under(Context& context, const Labels& labels, PodDetail detail) {
  std::vector<Json> ready;
  visit_pods_under(context, labels, serving_into(ready), detail);
  return ready;
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
