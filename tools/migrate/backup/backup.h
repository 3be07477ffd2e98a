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

/// "backup-pre-v1.6.0-shop-1a2b3c4d-": what all backups of a release and a database begin with. The digits are of the
/// database's identity, so that two databases of one name do not meet.
std::string backup_name_start(const std::string& release, const database::Address& address);
/// "<start>20251104140000.dump", or ".sqlite3"; from the second `number` on "…-2.dump".
std::string backup_name(const std::string& release, const database::Address& address, Time now, int number = 1);

struct BackupRequest {
  const database::Address& address;
  fs::path destination;
  std::optional<DumpPrograms> programs = {};  ///< for PostgreSQL
  std::stop_token stop = {};
};
/// Whole and read back, mode 0600, or not there; its digest is that of the file under its name. Nothing when another
/// file has that name or is about to have it: no backup is ever replaced. Throws Error{stop}.
std::optional<Backup> make_backup(const BackupRequest& request);
/// The digest and size of a file that make_backup had finished; nothing when it is not there or no plain file.
std::optional<Backup> find_backup(const fs::path& path);
/// Reads a backup whole, as its engine does. Throws Error{stop} when it is none.
void read_back(const BackupRequest& request);

/// Throws Error{stop} with both numbers when `needed` is more than `free`; bytes.
void check_space(std::int64_t needed, std::int64_t free, const fs::path& folder);

}  // namespace baton::migrate
