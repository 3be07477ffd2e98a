// The backup before the first migration, proved to be readable.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "common/clients/database/database.h"
#include "common/io/files.h"
#include "tools/migrate/backup/pg_dump.h"

namespace baton::migrate {

struct Backup {
  std::string path = {};
  std::string sha256 = {};  ///< empty: meant to be made, not known to be there
  std::int64_t size = 0;    ///< bytes
  std::string rung = {};    ///< how far it was verified: "read"
  Time made_at = {};        ///< when it was begun
};

/// "backup-pre-v1.6.0-20251104140000.dump", or ".sqlite3".
std::string backup_name(const std::string& release, Time now, database::Engine engine);

struct BackupRequest {
  const database::Address& address;
  fs::path destination;
  std::optional<DumpPrograms> programs = {};  ///< for PostgreSQL
  std::stop_token stop = {};
};
/// Whole and read back, mode 0600, or not there. What a killed run left half made is overwritten. Throws Error{stop}.
Backup make_backup(const BackupRequest& request);
/// The digest and size of a file that make_backup had finished; nothing when it is not there.
std::optional<Backup> find_backup(const fs::path& path);

}  // namespace baton::migrate
