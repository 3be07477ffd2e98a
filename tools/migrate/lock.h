// One migration run at a time in a database.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "common/cli/log.h"
#include "common/clients/database/database.h"
#include "common/io/clock.h"

namespace baton::migrate {

struct LockWait {
  Clock& clock;
  Log& log;
  Duration patience;
  std::stop_token stop = {};
};

/// Takes the lock of this connection's database, kept until the connection ends. Nothing once it is ours; else who held
/// it when the patience was over. SQLite: nothing at once, each migration's own transaction excludes all others there.
std::optional<std::string> take_lock(database::Database& database, database::Engine engine, const LockWait& wait);

}  // namespace baton::migrate
