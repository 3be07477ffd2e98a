// Who serves, what is recorded, who holds the Lease.
#pragma once

#include "tools/switch/switch.h"

namespace baton::cutover {

/// Who serves, what is recorded, who holds the Lease.
StepResult status(const Options& options, Env& env);

}  // namespace baton::cutover
