// Objects that would undo or distort a switch: recognised before the first write.
#pragma once

#include <vector>

#include "common/rollout/live.h"

namespace baton::rollout {

/// One finding a question: reconciled by Argo CD or Flux, an autoscaler or a disruption budget on the live colour, a
/// Deployment in the way (critical failures); Helm's own (a warning); session affinity (a warning).
std::vector<Finding> look_for_obstacles(Context& context, const Live& live);

/// Who keeps an object as it is written in a repository.
struct Reconciler {
  std::string name = {};  ///< "Argo CD", "Flux"; empty: nobody was recognised
  std::string mark = {};  ///< the label, annotation or field manager it was recognised by
};
Reconciler reconciler_of(const Json& object);

}  // namespace baton::rollout
