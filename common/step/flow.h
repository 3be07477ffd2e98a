// A step verb from lock to handoff.
#pragma once

#include "common/step/invocation.h"
#include "common/step/record.h"

namespace baton {

/// Runs the invocation's verb as the step it is. What the step found is in the record; throws Error where it could not
/// be started or ended, after its own handoff says so.
Record run_step(Invocation& invocation);

}  // namespace baton
