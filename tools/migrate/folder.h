// The folder of migration files.
#pragma once

#include <vector>

#include "common/step/migration_files.h"
#include "tools/migrate/format.h"

namespace baton::migrate {

/// The format's files; as baton::list_migrations().
inline std::vector<MigrationFile> list_migrations(const Format& format, const fs::path& folder) {
  return baton::list_migrations(format.version_of, folder);
}

/// Reads and checks one: Error{usage} "FILE:LINE: …" on anything that could not be run whole in one transaction.
Migration load_migration(const Format& format, const MigrationFile& file, database::Engine engine);

}  // namespace baton::migrate
