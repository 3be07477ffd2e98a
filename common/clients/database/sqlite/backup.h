// SQLite's online backup: a consistent copy while others read and write.
#pragma once

#include <string>

#include "common/clients/database/address.h"

namespace baton::database {

/// SQLite's online backup into `destination`: whole, read back by integrity_check and readable by the owner only, or
/// not there; what is made meanwhile is called "<destination>.partial". Throws Error{unknown}.
void backup_sqlite(const Address& address, const std::string& destination);

}  // namespace baton::database
