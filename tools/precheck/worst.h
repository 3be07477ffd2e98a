// Several observations of one line as one.
#pragma once

#include <vector>

#include "tools/precheck/check.h"

namespace baton::precheck {

/// The worst outcome of at least one (fail, unknown, warn, pass, skipped), with what was said of those that have it, or
/// of all where all passed; the first of them gives the value seen. Evidence is everybody's.
Observation worst_of(std::vector<Observation> all);
/// The larger, the worse.
int weight(Outcome outcome);

}  // namespace baton::precheck
