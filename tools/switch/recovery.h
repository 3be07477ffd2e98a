// After a rollback: routing proved is not health proved (decisions 30).
#pragma once

#include "common/judge/judge.h"
#include "tools/switch/course.h"

namespace baton::cutover {

/// Waits until switch.verify_rollback is over since the selector went back, then judges the old colour against the time
/// before the switch. At once inconclusive when there are no metrics or there is no baseline.
judge::Recovery verify_recovery(Passage& passage, Course& course);
/// The baseline of this move: measured up to the patch; else what precheck measured; nothing without metrics.
std::optional<judge::Baseline> baseline_for(Passage& passage, const rollout::Move& move);

}  // namespace baton::cutover
