// What an earlier run of the same deployment had done already.
#pragma once

#include "tools/migrate/attempt.h"

namespace baton::migrate {

/// Nothing was left to do for that run.
bool has_ended(const Handoff& handoff);

/// Takes its migrations over, as far as the history says so too; nothing where no run was before, or one on another
/// database. Throws Error{handoff} on a state that this tool cannot have written.
void take_over(Attempt& attempt, const std::set<std::string>& applied);

/// Whether what an ended run handed on is still so: the same database and files, nothing pending, the files that were
/// applied unchanged, the backup not another. Looks at the database; throws as that does.
bool still_stands(const View& env, const Handoff& ended);

}  // namespace baton::migrate
