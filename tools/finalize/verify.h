// The evidence, walked offline for an outsider.
#pragma once

#include <string>
#include <vector>

#include "common/step/env.h"

namespace baton::finalize {

/// Walks the evidence in a folder offline and says yes or no.
StepResult verify(const std::vector<std::string>& arguments, Env& env);

}  // namespace baton::finalize
