// The selector, moved by compare-and-swap with its record; the only writes to the Service.
#pragma once

#include <optional>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

/// Writes the record ahead to the Lease, as its next revision, then selector and record to the Service in one patch,
/// and the move's other Services with it: before it where traffic goes over, so that one that cannot follow keeps it
/// from moving, else after it. Doing it again changes nothing else. With `from`, a selector that is neither `from` nor
/// `to` throws Error{handoff}: somebody else moved the traffic.
void move_selector(Context& context, Lease& lease, const std::optional<Labels>& from, const Labels& to, Move& move);
/// Throws Error{handoff} when the Service no longer selects what the move gave it by its share, and says who is served
/// then.
void require_moved(Context& context, const Move& move);
/// Only the record, as its next revision: on the Lease, then on the Service.
void record_move(Context& context, Lease& lease, Move& move);
/// The Service's copy of the record where a kill left it behind.
void complete_record(Context& context, Lease& lease, Move& move);
/// Only on the Lease: what is about to be done.
void write_ahead(Lease& lease, Move& move);
/// The record goes from Service and Lease: nothing of the move is left. `selector` is what must be selected by now.
void forget_move(Context& context, Lease& lease, const Labels& selector);

}  // namespace baton::rollout
