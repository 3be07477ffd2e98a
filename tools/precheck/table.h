// What a run of precheck shows on a terminal.
#pragma once

#include <span>
#include <string>

#include "tools/precheck/runner.h"

namespace baton::precheck {

/// What to fix first with its steps, then a line a check: mark, id, what was seen, what was asked for; below a line
/// that is not in order its message. `closing` is the last line: the decision.
std::string to_table(std::span<const GroupFindings> groups, const std::string& closing);

}  // namespace baton::precheck
