// Objects that would undo or distort a switch: recognised before the first write.
#pragma once

#include <vector>

#include "common/rollout/live.h"

namespace baton::rollout {

/// One finding a question: reconciled by Argo CD or Flux, an autoscaler or a disruption budget on the live colour, a
/// Deployment in the way (critical failures); Helm's own (a warning); session affinity (a warning).
std::vector<Finding> look_for_obstacles(Context& context, const Live& live);

/// Who reconciles the object: "Argo CD", "Flux"; empty when nobody was recognised. `by` becomes the mark it was told
/// by.
struct Reconciler {
  std::string name = {};
  std::string mark = {};
};
Reconciler reconciler_of(const Json& object);

}  // namespace baton::rollout
