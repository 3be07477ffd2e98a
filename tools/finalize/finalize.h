// finalize: step 4 of the SOP. Cleans up, writes down, and can prove the whole chain to an outsider.
#pragma once

#include "common/cli/tool.h"

namespace baton::finalize {

/// Does all that is due now; 75 with the time of what is due next.
StepResult run(Env& env);
/// Walks the evidence in a folder offline and says yes or no.
StepResult verify(const std::vector<std::string>& arguments, Env& env);
Identity identify(Env& env);

}  // namespace baton::finalize
