// From what a session remembers to what it says.
#pragma once

#include <span>
#include <string>

#include "common/judge/rules.h"
#include "common/judge/session.h"

namespace baton::judge {

/// Lays every rule over the newest of `points` and updates the conditions, sightings and breaches.
void apply_rules(const Config& config, const Baseline& baseline, std::span<const Point> points, Memory& memory);

/// What holds now, at `memory.judged_until`.
Look conclude(const Config& config, const Baseline& baseline, const Memory& memory);

/// The store could not be asked, or answered partly: what was known before, and why nothing can be said now.
Look blind(const Config& config, const Baseline& baseline, const Memory& memory, const std::string& why);

/// The metric's value in the unit people read it in: 5.5 %, 125 ms.
Measured measured(std::string_view metric, double value);

}  // namespace baton::judge
