// Reverts the newest applied migration.
#pragma once

#include "common/step/env.h"

namespace baton::migrate {

/// Reverts the newest applied migration, as dbmate's rollback.
StepResult down(Env& env);

}  // namespace baton::migrate
