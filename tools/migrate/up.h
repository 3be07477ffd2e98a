// Applies what is pending.
#pragma once

#include "common/step/env.h"

namespace baton::migrate {

/// Applies what is pending. Can be run again at any point of a killed or stopped run.
StepResult up(Env& env);

}  // namespace baton::migrate
