// One migration run at a time in a database.
#pragma once

#include <optional>
#include <string>

#include "common/clients/database/database.h"
#include "common/io/wait.h"

namespace baton::migrate {

/// Takes the lock of this connection's database, kept until the connection ends. Nothing once it is ours; else who held
/// it when the limit was over. SQLite: nothing at once, each migration's own transaction excludes all others there.
std::optional<std::string> take_lock(database::Database& database, database::Engine engine, const Patience& patience,
                                     Duration limit);

}  // namespace baton::migrate
