// What a killed or stopped run of the same deployment had done already.
#pragma once

#include "tools/migrate/attempt.h"

namespace baton::migrate {

/// Takes its migrations and its backup over, by the state it saved and what the history says; nothing where no run was
/// before. Throws Error{handoff} on a state that this tool cannot have written.
void take_over(Attempt& attempt, const std::set<std::string>& applied);

}  // namespace baton::migrate
