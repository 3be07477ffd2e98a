// finalize: step 4 of the SOP. Cleans up, writes down, and can prove the whole chain to an outsider.
#pragma once

#include "common/step/env.h"

namespace baton::finalize {

/// Does all that is due now; 75 with the time of what is due next.
StepResult run(Env& env);
Identity identify(Env& env);

}  // namespace baton::finalize
