// How a deployment ended: one table, told from the cluster's record and the handoffs together.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/handoff/handoff.h"
#include "common/rollout/move.h"

namespace baton::finalize {

enum class Ending {
  incomplete,              ///< its steps are not over, or one left no handoff
  not_deployed,            ///< stopped before anything was deployed
  stopped_before_traffic,  ///< the new colour was brought up and taken down again
  successful,
  with_warnings,
  unmeasured,  ///< it serves, and only its pods were watched: no metrics were judged
  unjudged,    ///< it serves, and nobody could judge it to the end
  unhealthy,   ///< it serves, and it was found unhealthy: a person was asked
  rolled_back,
  rolled_back_by_person,
  rollback_failed,
  superseded,  ///< a newer release took over before this one's duties were done
};

/// Who serves at its end.
enum class Serving { not_known, old_version, new_version, newer_version };

struct EndingRow {
  Ending ending;
  std::string_view text;      ///< "Successful ✅"
  std::string_view rollback;  ///< of the history's and the summary's line: "Not needed"
  Serving serving = Serving::not_known;
  Outcome outcome = Outcome::pass;  ///< of finalize's finding: whether somebody must still act
};
const EndingRow& row_of(Ending ending);

/// What tells the ending. `recorded` is the move that Service and Lease hold now; nothing: not asked, or none.
struct EndingFacts {
  std::span<const Handoff> handoffs;
  std::string id = {};  ///< of this deployment
  std::optional<rollout::Move> recorded = {};
};
Ending ending_of(const EndingFacts& facts);

}  // namespace baton::finalize
