// What to do first, of all that is not in order.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tools/precheck/runner.h"

namespace baton::precheck {

struct FirstToFix {
  const Group* group = nullptr;
  const Finding* finding = nullptr;
};

/// What stops before what is not known before what warns, critical lines before others, in the checklist's order.
/// Neither is set where everything is in order.
FirstToFix first_to_fix(std::span<const GroupFindings> groups);
/// Its own hint, then the SOP's steps for its group; each once.
std::vector<std::string> recovery_of(const FirstToFix& first);
/// "Fix first: Database (database-reachable): connection refused"; of warnings "Look first at: …". Empty: nothing.
std::string first_text(const FirstToFix& first);

}  // namespace baton::precheck
