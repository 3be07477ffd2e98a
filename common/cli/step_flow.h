// A step verb from lock to handoff.
#pragma once

#include "common/cli/record.h"
#include "common/cli/session.h"

namespace baton {

/// Runs the session's verb as the step it is. What the step found is in the record; throws Error where it could not be
/// started or ended, after its own handoff says so.
Record run_step(Session& session);

}  // namespace baton
