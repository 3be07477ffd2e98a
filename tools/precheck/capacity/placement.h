// Whether so many pods of a kind fit, node by node, as the scheduler's filters decide it.
#pragma once

#include <map>
#include <string>

#include "tools/precheck/capacity/world.h"

namespace baton::precheck {

struct Placement {
  int wanted = 0;
  std::map<std::string, int> on = {};        ///< pods by node
  std::map<std::string, int> refusals = {};  ///< of the first that found no node: nodes by reason
  int placed() const;
  bool fits() const { return placed() == wanted; }
};

/// Places one after the other on the node with the most room left, in the smallest domain first where they are to be
/// spread.
Placement place(const World& world, int pods);

/// What the pods that may be on them leave of the nodes, after `placement`.
struct Room {
  Amounts allocatable = {};
  Amounts used = {};  ///< before the pods that are placed
  Amounts needed = {};
  int nodes = 0;  ///< that the pod may be on
  /// Percent of what there is; 100 of nothing that anybody has.
  double buffer(std::string_view resource) const;
};
Room room_after(const World& world, const Placement& placement);

}  // namespace baton::precheck
