// The SOP's five minutes after the switch (decisions 29), and a canary's holds before it: the new colour is judged at
// every step.
#pragma once

#include <functional>
#include <string>

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"
#include "tools/switch/stages.h"

namespace baton::cutover {

struct Soaked {
  enum class State { healthy, caution, unknown, unhealthy } state = State::healthy;
  std::string reason = {};  ///< of all but healthy
};

/// Until the stage was held after its proof, longer (hold_max) when too few requests came or the metrics store is away;
/// at once when a critical rule holds, readiness is lost, or pods restart. Throws Error{handoff} when somebody else
/// moves the selector.
/// `goes_on` is asked at each look that could end it well: it lasts until that has nothing more to do.
Soaked soak(World& world, rollout::Lease& lease, Attempt& attempt, const Stage& stage,
            const std::function<bool()>& goes_on = {});

}  // namespace baton::cutover
