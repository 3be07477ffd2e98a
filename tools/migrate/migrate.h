// Step 2b of the SOP: database migrations. Backup, then each pending migration in a transaction of its own.
#pragma once

#include "common/cli/tool.h"
#include "tools/migrate/place.h"

namespace baton::migrate {

/// Applies what is pending. Can be run again at any point of a killed or stopped run.
StepResult up(Env& env);
/// Reverts the newest applied migration, as dbmate's rollback.
StepResult down(Env& env);
/// Which migrations are applied and which pending, as dbmate's status.
StepResult status(Env& env);

}  // namespace baton::migrate
