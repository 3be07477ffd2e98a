// A person takes a warning upon himself: `tick --accept ID --by WHO`.
#pragma once

#include <string>

#include "common/step/env.h"

namespace baton::watch {

struct Acceptance {
  std::string rule = {};  ///< "error-rate-warning"
  std::string by = {};

  bool is_asked() const { return !rule.empty() || !by.empty(); }
};

/// Records it on the Lease, where every run of watch finds it; judges nothing. Throws Error{usage} where the warning
/// did not hold at the last look, and for a rule that is critical: that is rolled back, never accepted.
StepResult accept(const Acceptance& asked, Env& env);

}  // namespace baton::watch
