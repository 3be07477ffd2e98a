// PostgreSQL's backup: pg_dump's custom format, read back by pg_restore.
#pragma once

#include "common/clients/database/database.h"
#include "common/io/files.h"

namespace baton::migrate {

struct BackupRequest;  // tools/migrate/backup/backup.h

/// PostgreSQL's own programs.
struct DumpPrograms {
  fs::path dump;
  fs::path restore;
};
/// `packages` is where Debian keeps them by major version; then PATH. Throws Error{usage} with the package to install
/// when there is none as new as the server.
DumpPrograms find_dump_programs(int server_major, const fs::path& packages = "/usr/lib/postgresql");
int server_major(database::Database& database);

/// Into a file that is there: pg_dump keeps its mode. Throws Error{stop}.
void dump_postgresql(const BackupRequest& request);
/// Throws Error{stop} when the file is no whole dump.
void read_dump(const BackupRequest& request);

}  // namespace baton::migrate
