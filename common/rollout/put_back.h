// A rollback under a Lease that is already held: traffic first, evidence, proof, then the bad colour is drained.
#pragma once

#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"
#include "common/rollout/undo.h"

namespace baton::rollout {

struct UndoOrder {
  std::string reason;
  std::string by;
  std::string evidence_folder;
  bool is_forced = false;     ///< a person's: whatever the selector says now is replaced
  bool is_bad_digest = true;  ///< it was found unhealthy, and is refused from then on
};

/// Finishes what a killed one began. Throws only Error{interrupted}, Error{again} (the Lease was lost) and
/// Error{handoff} (somebody else moved the traffic); everything else is a rollback that failed, and its message says
/// what serves.
Undo put_back(Context& context, Lease& lease, const Move& move, const UndoOrder& order);

}  // namespace baton::rollout
