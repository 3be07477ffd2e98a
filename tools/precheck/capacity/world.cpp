// Sums node by node.
#include "tools/precheck/capacity/world.h"

#include <algorithm>

namespace baton::precheck {
namespace {

bool says_ready(const Json& node) {
  const auto& conditions = node["status"]["conditions"].items_or_none();
  return std::ranges::any_of(conditions, [](const Json& condition) {
    return condition["type"] == Json("Ready") && condition["status"] == Json("True");
  });
}

bool has_ended(const Json& pod) {
  const auto phase = pod["status"]["phase"].string_or("");
  return phase == "Succeeded" || phase == "Failed";
}

PodFace face_of(const Json& pod) {
  const auto& metadata = pod["metadata"];
  return {.ns = metadata["namespace"].string_or(""),
          .labels = rollout::labels_from(metadata["labels"]),
          .is_ending = !metadata["deletionTimestamp"].is_null()};
}

constexpr std::string_view kUnreadNamespaces = "a podAffinity selects namespaces by their labels";

}  // namespace

NewPod new_pod(const Json& pod_template, const std::string& ns) {
  NewPod pod{.face = {.ns = ns, .labels = rollout::labels_from(pod_template["metadata"]["labels"])},
             .spec = pod_template["spec"]};
  pod.needs = needs_of(pod.spec);
  pod.needs[std::string(kPodCount)] = 1;
  pod.ports = host_ports_of(pod.spec);
  pod.rules = peer_rules_of(pod.face, pod.spec);
  return pod;
}

void World::add_node(const Json& json) {
  const auto& metadata = json["metadata"];
  Node node{.name = metadata["name"].string_or("?"),
            .labels = rollout::labels_from(metadata["labels"]),
            .taints = taints_of(json),
            .is_ready = says_ready(json),
            .allocatable = amounts_in(json["status"]["allocatable"]),
            .meant = std::vector<int>(pod_.rules.size())};
  at_[node.name] = nodes_.size();
  nodes_.push_back(std::move(node));
  const bool is_unread = std::ranges::any_of(pod_.rules, &PeerRule::asks_namespace_labels);
  if (is_unread) unread_ = kUnreadNamespaces;
}

void World::forget_pods() {
  for (auto& node : nodes_) {
    node.used.clear();
    node.ports.clear();
    std::ranges::fill(node.meant, 0);
  }
  barred_.clear();
  holders_.clear();
  waiting_ = 0;
}

void World::forget_nodes() {
  nodes_.clear();
  at_.clear();
  forget_pods();
}

void World::add_pod(const Json& json) {
  if (has_ended(json)) return;
  const auto& spec = json["spec"];
  const auto found = at_.find(spec["nodeName"].string_or(""));
  if (found == at_.end()) {
    waiting_ += spec["nodeName"].string_or("").empty() ? 1 : 0;
    return;
  }
  auto& node = nodes_[found->second];
  add(node.used, needs_of(spec));
  add(node.used, {{std::string(kPodCount), 1}});
  node.ports.merge(host_ports_of(spec));
  const auto face = face_of(json);
  for (std::size_t i = 0; i < pod_.rules.size(); ++i) {
    const auto& rule = pod_.rules[i];
    if (!rule.is_of_release_only && rule.means(face)) ++node.meant[i];
  }
  if (face.ns == pod_.face.ns) {
    for (const auto& claim : claims_of(spec)) holders_[claim].insert(node.name);
  }
  bar(face, spec, node);
}

void World::bar(const PodFace& face, const Json& spec, const Node& node) {
  for (const auto& rule : away_rules_of(face, spec)) {
    if (rule.asks_namespace_labels) {
      unread_ = kUnreadNamespaces;
      continue;
    }
    if (!rule.means(pod_.face)) continue;
    if (const auto domain = node.labels.find(rule.topology_key); domain != node.labels.end()) barred_.insert(*domain);
  }
}

const std::set<std::string>& World::holders_of(const std::string& claim) const {
  static const std::set<std::string> kNone;
  const auto found = holders_.find(claim);
  return found == holders_.end() ? kNone : found->second;
}

}  // namespace baton::precheck
