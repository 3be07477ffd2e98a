// What a migration may leave in its session, and must not hand on.
#pragma once

#include "common/clients/database/database.h"

namespace baton::migrate {

/// As a new connection would find it, with its locks kept: settings, role, temporary tables, attached files. Not inside
/// a transaction.
void clean_session(database::Database& database, database::Engine engine);

/// Inside a migration's transaction, before its row is written: the user and the search path of the connection again.
void return_to_own_user(database::Database& database, database::Engine engine);

}  // namespace baton::migrate
