// PostgreSQL's own programs for a backup: they must be as new as the server.
#pragma once

#include "common/clients/database/database.h"
#include "common/io/files.h"

namespace baton::database {

struct DumpPrograms {
  fs::path dump;
  fs::path restore;
};
/// `packages` is where Debian keeps them by major version; then PATH. Throws Error{usage} with the package to install
/// when there is none as new as the server.
DumpPrograms find_dump_programs(int server_major, const fs::path& packages = "/usr/lib/postgresql");
int server_major(Database& database);

}  // namespace baton::database
