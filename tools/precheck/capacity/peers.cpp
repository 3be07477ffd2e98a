// Rules out of a pod's spec.
#include "tools/precheck/capacity/peers.h"

#include <algorithm>

namespace baton::precheck {
namespace {

constexpr std::string_view kRequired = "requiredDuringSchedulingIgnoredDuringExecution";

void take_keys(PeerRule& rule, const Json& from, const PodFace& pod) {
  for (const auto& key : from["matchLabelKeys"].items_or_none()) {
    const auto found = pod.labels.find(key.string());
    if (found != pod.labels.end()) rule.same.insert(*found);
    // Its value is the Deployment controller's to give, and is no older pod's.
    if (found == pod.labels.end() && key == Json(rollout::kTemplateHash)) rule.is_of_release_only = true;
  }
  for (const auto& key : from["mismatchLabelKeys"].items_or_none()) {
    const auto found = pod.labels.find(key.string());
    if (found != pod.labels.end()) rule.other.insert(*found);
  }
}

PeerRule term_rule(PeerRule::Kind kind, const Json& term, const PodFace& pod) {
  PeerRule rule{.kind = kind, .topology_key = term["topologyKey"].string_or(""), .selector = term["labelSelector"]};
  for (const auto& ns : term["namespaces"].items_or_none()) rule.namespaces.push_back(ns.string());
  const auto& selector = term["namespaceSelector"];
  if (selector.is_object()) {
    rule.in_all_namespaces = selector.size() == 0;
    rule.asks_namespace_labels = !rule.in_all_namespaces;
  } else if (rule.namespaces.empty()) {
    rule.namespaces = {pod.ns};
  }
  take_keys(rule, term, pod);
  return rule;
}

PeerRule spread_rule(const Json& constraint, const PodFace& pod) {
  PeerRule rule{.kind = PeerRule::Kind::spread,
                .topology_key = constraint["topologyKey"].string_or(""),
                .selector = constraint["labelSelector"],
                .namespaces = {pod.ns},
                .max_skew = static_cast<int>(constraint["maxSkew"].integer_or(1)),
                .min_domains = static_cast<int>(constraint["minDomains"].integer_or(1)),
                .honours_affinity = constraint["nodeAffinityPolicy"].string_or("Honor") == "Honor",
                .honours_taints = constraint["nodeTaintsPolicy"].string_or("Ignore") == "Honor"};
  take_keys(rule, constraint, pod);
  return rule;
}

bool wears(const rollout::Labels& labels, const std::pair<const std::string, std::string>& pair) {
  const auto found = labels.find(pair.first);
  return found != labels.end() && found->second == pair.second;
}

}  // namespace

bool PeerRule::means(const PodFace& pod) const {
  // A spread counts pods that stay; near and away take those that end as well, until they are gone.
  if (kind == Kind::spread && pod.is_ending) return false;
  if (!in_all_namespaces && std::ranges::find(namespaces, pod.ns) == namespaces.end()) return false;
  if (selector.is_null() || !rollout::label_selector_matches(selector, pod.labels)) return false;
  return std::ranges::all_of(same, [&](const auto& pair) { return wears(pod.labels, pair); }) &&
         std::ranges::all_of(
             other, [&](const auto& pair) { return pod.labels.contains(pair.first) && !wears(pod.labels, pair); });
}

std::vector<PeerRule> away_rules_of(const PodFace& pod, const Json& spec) {
  std::vector<PeerRule> rules;
  for (const auto& term : spec["affinity"]["podAntiAffinity"][kRequired].items_or_none())
    rules.push_back(term_rule(PeerRule::Kind::away, term, pod));
  return rules;
}

std::vector<PeerRule> peer_rules_of(const PodFace& pod, const Json& spec) {
  auto rules = away_rules_of(pod, spec);
  for (const auto& term : spec["affinity"]["podAffinity"][kRequired].items_or_none())
    rules.push_back(term_rule(PeerRule::Kind::near, term, pod));
  for (const auto& constraint : spec["topologySpreadConstraints"].items_or_none()) {
    if (constraint["whenUnsatisfiable"].string_or("DoNotSchedule") == "DoNotSchedule")
      rules.push_back(spread_rule(constraint, pod));
  }
  return rules;
}

}  // namespace baton::precheck
