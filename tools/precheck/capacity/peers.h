// Other pods that a pod wants near, away, or evenly spread: required affinity, anti-affinity and topology spread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/rollout/selector.h"

namespace baton::precheck {

/// A pod as others' rules see it.
struct PodFace {
  std::string ns;
  rollout::Labels labels = {};
  bool is_ending = false;
};

/// One rule about other pods.
struct PeerRule {
  enum class Kind { near, away, spread };
  Kind kind = Kind::spread;
  std::string topology_key = {};
  Json selector = {};  ///< a LabelSelector; null: nobody
  std::vector<std::string> namespaces = {};
  bool in_all_namespaces = false;
  int max_skew = 1;                    ///< of a spread
  int min_domains = 1;                 ///< of a spread
  bool honours_affinity = true;        ///< of a spread: nodes that the pod may not be on do not count
  bool honours_taints = false;         ///< of a spread: nor those that it does not tolerate
  rollout::Labels same = {};           ///< matchLabelKeys, with the pod's own values
  rollout::Labels other = {};          ///< mismatchLabelKeys: must be there, and be another
  bool is_of_release_only = false;     ///< matchLabelKeys names pod-template-hash: older pods are not meant
  bool asks_namespace_labels = false;  ///< a namespaceSelector, which nobody here reads

  bool means(const PodFace& pod) const;
};

/// All that a pod's spec requires; what it only prefers keeps no pod away.
std::vector<PeerRule> peer_rules_of(const PodFace& pod, const Json& spec);
/// Only those that keep other pods away from it: of pods that run, whose spec is not kept.
std::vector<PeerRule> away_rules_of(const PodFace& pod, const Json& spec);

}  // namespace baton::precheck
