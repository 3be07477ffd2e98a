// When it does not go well: standing down before the switch, rolling back after it.
#pragma once

#include <optional>
#include <string>

#include "tools/switch/attempt.h"

namespace baton::cutover {

/// Before the selector moved: evidence, the new colour to 0, an adoption taken back. Exit 3.
StepResult abort_before_switch(World& world, Attempt& attempt);
/// The same after an error, which is `finding`'s: a no of a quota, of a policy or of our own stops (3), what could not
/// be asked is unknown (6).
StepResult stand_down(World& world, Attempt& attempt, const Error& error, Finding finding);

/// Puts traffic back, gives the Lease up, judges for switch.verify_rollback whether error rate and P95 are back, writes
/// the analysis. Exit 4, or 5 when it is not back.
StepResult roll_back(World& world, Attempt& attempt, const std::string& reason, const std::string& by);

/// A person's rollback takes the Lease and the traffic from under a run: waits for what it makes of them. Nothing when
/// none was begun, or when it did not get to its end.
std::optional<rollout::Move> undone_by_another(rollout::Context& context);

}  // namespace baton::cutover
