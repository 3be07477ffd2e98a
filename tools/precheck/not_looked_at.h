// Lines of the SOP's checklist that this version cannot look at: listed, so that nobody takes silence for a yes.
#pragma once

#include "tools/precheck/check.h"

namespace baton::precheck {

/// Unknown, and says so.
Observation not_looked_at(const Look& look);

/// `line` without a look of its own.
constexpr Check left_to_people(Check line) {
  line.observe = not_looked_at;
  return line;
}

}  // namespace baton::precheck
