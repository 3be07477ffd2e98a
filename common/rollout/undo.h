// The rollback that switch and watch share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Puts traffic back to move.previous_*: scales the old colour up where it shrank, waits for Ready and endpoints, swaps
/// the selector, proves it, takes evidence into `evidence_folder` first (at most 15 s), then drains the bad colour to
/// 0. Idempotent: a rollback that was killed half way is finished. Never judges metrics; that is its caller's. Takes
/// the Lease: waits while this deployment holds it, throws LeaseBusy (lease.h, Error{again}) while another one does,
/// Error{handoff} when a newer deployment's move is recorded.
struct Undo {
  Verdict verdict = Verdict::rollback_failed;  ///< rolled_back or rollback_failed
  std::vector<Finding> findings;
  std::vector<std::string> evidence;       ///< file names written
  Json times = Json::object();             ///< milliseconds: patch, endpoint slices, last old answer, drained
  std::string message;                     ///< first whether it is back, and who serves now
  std::optional<Time> undone_at = {};      ///< the patch that put the selector back
  std::vector<std::string> recovery = {};  ///< of a failed one: what a person types now
};
Undo undo(Context& context, const Move& move, std::string_view reason, std::string_view by,
          const std::string& evidence_folder);

/// Of an error that is no failed rollback: somebody else holds the Lease or moved the traffic, or we are stopped.
bool must_pass_on(const Error& error);

/// After a rollback, once the old colour's load is its own again: autoscalers that it aimed may scale down. Takes the
/// Lease; whoever holds it otherwise does that at his own end. Throws nothing: the rollback itself is over.
std::vector<Finding> release_after(Context& context, const Move& move, Time undone_at);

}  // namespace baton::rollout
