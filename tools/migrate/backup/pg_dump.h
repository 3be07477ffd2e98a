// PostgreSQL's backup: pg_dump's custom format, read back by pg_restore.
#pragma once

#include "tools/migrate/backup.h"

namespace baton::migrate {

void dump_postgresql(const BackupRequest& request);

}  // namespace baton::migrate
