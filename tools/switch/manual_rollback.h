// A person's rollback.
#pragma once

#include "tools/switch/switch.h"

namespace baton::cutover {

/// A person's rollback: takes the Lease over, needs none of our files, is never refused.
StepResult manual_rollback(const Options& options, Env& env);

}  // namespace baton::cutover
