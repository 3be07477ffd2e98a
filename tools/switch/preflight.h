// Before the first write: who is live, what stands in the way, and what would be written.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/live.h"
#include "common/step/env.h"
#include "tools/switch/world.h"

namespace baton::cutover {

struct Preflight {
  rollout::Live live;
  rollout::Move move;              ///< planned
  Json wanted;                     ///< the next colour's Deployment
  std::vector<Finding> obstacles;  ///< a failed one refuses
  bool is_refused = false;
};

/// Whether what is live must be what precheck saw: not after an unfinished move of another deployment was undone.
enum class Since { precheck, own_undo };
/// Reads only. Throws Error{stop} for a Service that cannot be switched, Error{usage} for a template that does not fit,
/// and Error{handoff} when something else went live since precheck looked.
Preflight preflight(World& world, const std::string& digest, Since since = Since::precheck);

}  // namespace baton::cutover
