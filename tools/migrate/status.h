// Which migrations are applied and which pending.
#pragma once

#include "common/step/env.h"

namespace baton::migrate {

/// Which migrations are applied and which pending, as dbmate's status.
StepResult status(Env& env);

}  // namespace baton::migrate
