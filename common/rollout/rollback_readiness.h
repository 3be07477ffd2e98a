// Whether the way back is still open: looked at while a rollback may be wanted, and not once it is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/core/finding.h"
#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// A workload as it stands, and what there is to say of the pods that it owns: of thousands none is held.
struct Standing {
  std::optional<Json> deployment = {};  ///< nothing: there is none of that name
  int ready = 0;
  int pods = 0;              ///< that have not ended and are not on their way out
  std::string trouble = {};  ///< why one of them will not get ready by itself; empty: none is known
  bool is_starting = false;  ///< one that is not ready is young
};
/// Of one that was found already.
Standing standing_of(Context& context, std::optional<Json> workload);
/// Of a Deployment.
Standing standing_of(Context& context, const std::string& name);
/// Of what has the release.
Standing standing_of(Context& context, const Move& move);

/// What the way back of a move is judged by.
struct WayBackFacts {
  Standing before;  ///< move.previous_deployment; of a rolled one nothing
  Standing after;   ///< move.deployment; what its pods do is not asked
  /// Whether the registry has an image ("registry/shop:v1.5.0"); throws Error{unknown} where it cannot be asked. Unset:
  /// nobody asks, and nothing is said of it.
  std::function<bool(const std::string& image)> has_image = {};
};

/// Whether a rollback is offered: traffic moved, and nothing of it is taken back.
bool is_offered(Phase phase);

/// One finding a question, in their order; a Deployment that is gone, or holds another release, leaves no other
/// question. Reads only; Secrets never. `fail`: as it is, a rollback would leave users with less than the release
/// before. `unknown`: it could not be looked at. Throws only Error{interrupted}.
std::vector<Finding> rollback_readiness(Context& context, const Move& move, const WayBackFacts& facts);

/// "ready", "ready, at a risk", "not known in full" or "not ready": the worst of them.
std::string readiness_words(const std::vector<Finding>& findings);

}  // namespace baton::rollout
