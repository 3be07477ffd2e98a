// PostgreSQL behind the port.
#pragma once

#include <memory>

#include "common/clients/database/database.h"

namespace baton::database {

/// What connect() promises.
std::unique_ptr<Database> open_postgresql(const Address& address, Duration timeout);

}  // namespace baton::database
