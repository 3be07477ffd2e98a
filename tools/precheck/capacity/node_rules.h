// Which nodes a pod may be on, before it is asked how full they are: selectors, affinity, taints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/rollout/selector.h"

namespace baton::precheck {

struct Taint {
  std::string key;
  std::string value = {};
  std::string effect = {};  ///< "NoSchedule", "PreferNoSchedule", "NoExecute"
};

/// Of a Node, one for spec.unschedulable too, as the API server adds it.
std::vector<Taint> taints_of(const Json& node);
/// The first that keeps the pod away: "dedicated=gpu:NoSchedule"; nothing: none does.
std::optional<std::string> untolerated(const std::vector<Taint>& taints, const Json& pod_spec);

/// nodeSelector and required node affinity.
bool selects_node(const Json& pod_spec, const std::string& node, const rollout::Labels& labels);

}  // namespace baton::precheck
