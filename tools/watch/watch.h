// watch: step 3 of the SOP. Judges the new colour for 24 hours and rolls back what hurts.
#pragma once

#include "common/step/env.h"

namespace baton::watch {

/// Holds until the window ends, a breach is acted on, the deadline or a signal.
StepResult run(Env& env);
/// Judges all that was not yet judged, acts on it, and leaves.
StepResult tick(Env& env);
/// Prints the monitoring report as far as it is known; changes nothing.
StepResult report(Env& env);
/// The cluster and the image that the switch recorded.
Identity identify(Env& env);

}  // namespace baton::watch
