// What a run would do, without doing it.
#pragma once

#include "tools/switch/switch.h"
#include "tools/switch/world.h"

namespace baton::cutover {

/// In a line, with the Deployment it would write: for a dry run.
StepResult preview(World& world, const std::string& digest);
/// Objects, stages with their sizes and times, the way back, and the rights that are missing.
StepResult plan(const Options& options, Env& env);

}  // namespace baton::cutover
