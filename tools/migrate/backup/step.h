// The backup as a part of `up`: its conditions, whether one is due, and its place in the saved state.
#pragma once

#include <optional>

#include "tools/migrate/attempt.h"

namespace baton::migrate {

/// Finds all that can be wrong with a backup's conditions before anything is touched. The programs that will make it,
/// for PostgreSQL. Throws Error{usage}.
std::optional<DumpPrograms> prepare_backup(const Attempt& attempt);

/// Makes the backup that is due: none of an empty database, none where migrate.backup is off, no second one of a run
/// that is resumed. Throws MigrationError{no_backup}.
void back_up(Attempt& attempt, const std::optional<DumpPrograms>& programs);

}  // namespace baton::migrate
