// The SOP's recovery steps of "Database Migration Fails (Step 2b)".
#pragma once

#include <string>
#include <vector>

#include "tools/migrate/runner.h"

namespace baton::migrate {

/// `backup` is the path of the backup that was made; empty: none.
std::vector<std::string> recovery_steps(MigrationError::Cause cause, const std::string& backup);

}  // namespace baton::migrate
