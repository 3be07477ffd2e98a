// The folder of migration files.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "common/io/files.h"
#include "tools/migrate/format.h"

namespace baton::migrate {

struct MigrationFile {
  std::string version;
  std::string name;  ///< "20250101_users.sql"
  fs::path path;     ///< as messages name it
};

/// In the order to apply: by file name, bytewise. Throws Error{usage}: no such folder, no migration in it, a version
/// twice.
std::vector<MigrationFile> list_migrations(const Format& format, const fs::path& folder);
std::vector<MigrationFile> pending_of(const std::vector<MigrationFile>& files, const std::set<std::string>& applied);

/// Reads and checks one: Error{usage} "FILE:LINE: …" on anything that could not be run whole in one transaction.
Migration load_migration(const Format& format, const MigrationFile& file, database::Engine engine);

/// One digest for all files: of their names and digests, in order.
std::string digest_of(const std::vector<MigrationFile>& files);

}  // namespace baton::migrate
