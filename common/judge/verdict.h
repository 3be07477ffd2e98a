// From what a session remembers to what it says.
#pragma once

#include <string>

#include "common/judge/session.h"

namespace baton::judge {

/// What holds now, at `memory.judged_until`. `scope` is whose series were judged: the findings' queries name it.
Look conclude(const Criteria& criteria, const Scope& scope, const Memory& memory);

/// Why nobody can see how a colour does of which no sample ever came.
std::string nothing_seen(const Criteria& criteria);

/// The store could not be asked, or answered partly: what was known before, and why nothing can be said now.
Look blind(const Criteria& criteria, const Scope& scope, const Memory& memory, const std::string& why);

}  // namespace baton::judge
