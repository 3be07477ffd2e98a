// SQLite's online backup: a consistent copy while others read and write.
#pragma once

#include <string>

#include "common/clients/database/address.h"

namespace baton::database {

/// SQLite's online backup into `destination`, an empty file that is there. Throws Error{unknown}.
void backup_sqlite(const Address& address, const std::string& destination);

/// Reads a database whole. Throws Error{unknown} when it is damaged or none.
void check_sqlite_backup(const std::string& path);

}  // namespace baton::database
