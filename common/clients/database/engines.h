// The two engines behind the port.
#pragma once

#include "common/clients/database/database.h"

namespace baton::database {

/// What connect() promises, for one engine.
std::unique_ptr<Database> open_sqlite(const Address& address, Duration timeout, bool create);
std::unique_ptr<Database> open_postgresql(const Address& address, Duration timeout);

}  // namespace baton::database
