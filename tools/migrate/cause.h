// Why migrations did not happen, what that leaves behind, and how the run then ends.
#pragma once

#include <string>
#include <vector>

#include "common/clients/database/database.h"

namespace baton::migrate {

enum class Cause {
  no_backup,
  broken,        ///< the SQL: rolled back
  too_slow,      ///< over the budget: rolled back
  half_applied,  ///< the text ended its transaction by itself: what it had done by then stays
  locked,        ///< another program holds what is needed
  read_only,     ///< a standby, or a server or file that takes no writes
  denied,        ///< the user lacks a right
  full,          ///< the database's disk
  changed,       ///< the database is not what the looks before it said, seen after a write
  stopped,
  lost,  ///< not known what is left
};

/// What the code of a failed statement says; `broken` where it says nothing more.
Cause cause_of(const database::StatementError& error);
ExitCode code_of(Cause cause);
/// What to do at once, one sentence.
std::string hint_of(Cause cause);
/// The SOP's steps of "Database Migration Fails (Step 2b)", as far as they fit the cause. `backup` is the path of the
/// backup that was made; empty: none.
std::vector<std::string> recovery_steps(Cause cause, const std::string& backup);

}  // namespace baton::migrate
