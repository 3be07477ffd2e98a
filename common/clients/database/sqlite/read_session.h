// SQLite's read-only session.
#pragma once

#include "common/clients/database/read_session.h"

namespace baton::database {

/// What Reader promises.
ReadSession read_sqlite(const Address& address, Duration timeout);

}  // namespace baton::database
