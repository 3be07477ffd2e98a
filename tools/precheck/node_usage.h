// What the nodes use of what they can give, as kubectl top nodes shows it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

enum class NodeResource { cpu, memory };

/// A node that takes pods.
struct NodeUse {
  std::string name;
  double allocatable = 0;           ///< cores or bytes
  std::optional<double> used = {};  ///< the same unit; nothing: nobody says

  std::optional<double> percent() const;  ///< nothing where it cannot be told, a use of zero included
};

struct NodesUse {
  std::vector<NodeUse> nodes = {};  ///< without those that are cordoned
  std::string basis = {};           ///< who measured: "metrics.k8s.io", "the kubelets' summaries"
};

/// By metrics.k8s.io; where that is not served, or its server is down, by the kubelets themselves if we may ask them.
/// Throws Error{unknown} where neither can be asked.
NodesUse nodes_use(const Look& look, NodeResource resource);

/// The average of the nodes' percents fails at `limit` and above, a single node warns (decisions 24). Unknown where a
/// node says nothing, unless the others alone are too much.
Observation judge_use(const NodesUse& use, double limit);

}  // namespace baton::precheck
