// The SOP's "Downtime": what failed of the users' requests from the patch to the end of the soak.
#pragma once

#include "common/judge/proportions.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// A rise of less than 0.1 percentage points over what failed before counts as none; a larger one warns where it is one
/// beyond doubt.
Finding downtime_of(const judge::Counts& seen, const judge::Counts& before);

/// Counted by the metrics store, of both colours, into findings and state; nothing where nobody counts requests, or the
/// store is away.
void measure_downtime(World& world, Attempt& attempt);

}  // namespace baton::cutover
