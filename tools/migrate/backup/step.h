// The backup as a part of `up`: its conditions, whether one is due, and its place in the saved state.
#pragma once

#include <optional>

#include "tools/migrate/attempt.h"

namespace baton::migrate {

/// Whether a file of this path can only be a backup of this release and this database.
bool is_own_backup(const View& env, const Workspace& workspace, const fs::path& path);

/// Throws Error{usage} when backups would be uploaded with the handoffs. Says, with --strict refuses, what lies in the
/// workspace of a CI job: the host clears it.
void check_backup_folder(Attempt& attempt);
/// The programs that will make the backup that is due, for PostgreSQL. Throws Error{usage}.
std::optional<DumpPrograms> find_programs(const Attempt& attempt);

/// Takes the backup of an unfinished run over, as far as the file under its name bears it out, and removes what a
/// killed run left of it.
void take_over_backup(Attempt& attempt, const std::optional<DumpPrograms>& programs);

/// Makes the backup that is due: none of an empty database, none where migrate.backup is off, no second one of a run
/// that is resumed. Throws MigrationError{no_backup}.
void back_up(Attempt& attempt, const std::optional<DumpPrograms>& programs);

}  // namespace baton::migrate
