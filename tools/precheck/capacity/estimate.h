// What the simulation says, judged and in words.
#pragma once

#include "tools/precheck/capacity/placement.h"
#include "tools/precheck/capacity/survey.h"
#include "tools/precheck/check.h"

namespace baton::precheck {

/// Not fitting fails, less than `buffer` percent of cpu, memory or ephemeral storage left afterwards warns, as does a
/// pod that asks for no cpu or memory. Unknown where a rule could not be looked at, or there are no nodes.
Observation judge_capacity(const Survey& survey, double buffer);

/// "cpu: 0.3 cores needed, 7.2 of 8 cores free, 86.3 % left" of each resource, behind one another.
std::string estimate_text(const World& world, const Room& room, int pods);

}  // namespace baton::precheck
