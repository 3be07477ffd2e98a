// The move that the cluster remembers.
#pragma once

#include <optional>
#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// What the Service and the Lease record.
struct MoveRecord {
  std::optional<Json> service = {};  ///< nothing: there is none of that name
  LeaseRecord lease = {};
  std::optional<Move> move = {};
  std::string versions = {};  ///< of both objects: another one when either was written
};
/// Two requests.
MoveRecord read_move_record(Context& context);

/// The move the Service or the Lease records, finished or not; nothing when Baton never touched it.
std::optional<Move> recorded_move(Context& context);

}  // namespace baton::rollout
