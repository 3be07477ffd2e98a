// SQLite behind the port.
#pragma once

#include <memory>

#include "common/clients/database/database.h"

namespace baton::database {

/// What connect() promises.
std::unique_ptr<Database> open_sqlite(const Address& address, Duration timeout, IfMissing if_missing);

}  // namespace baton::database
