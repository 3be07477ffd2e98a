// PostgreSQL's backup: pg_dump's custom format, read back by pg_restore.
#pragma once

#include "common/clients/database/postgresql/dump_programs.h"
#include "common/io/files.h"

namespace baton::migrate {

struct BackupRequest;  // tools/migrate/backup/backup.h

using database::DumpPrograms;
using database::find_dump_programs;
using database::server_major;

/// Into a file that is there: pg_dump keeps its mode. Throws Error{stop}.
void dump_postgresql(const BackupRequest& request);
/// Throws Error{stop} when the file is no whole dump.
void read_dump(const BackupRequest& request);

}  // namespace baton::migrate
