// What a database remembers of its migrations, and who answers when that is read.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "common/clients/database/database.h"
#include "common/clients/database/reader.h"

namespace baton {

/// One query's first column; NULL reads as "". Must not outlive what it asks.
using Ask = std::function<std::vector<std::string>(const std::string& sql, const std::vector<std::string>& parameters)>;

/// The connection that works. It must be the one under the lock and inside a migration's transaction: another would not
/// see what this one has not committed, and on SQLite would wait for this one's lock in vain.
Ask over(database::Database& database);
/// A session that can only read: for a look before anything is touched.
Ask over(database::Reader& reader);

/// The versions in dbmate's table schema_migrations; no table: none. A table of another tool under the same name is
/// Error{usage}.
std::set<std::string> dbmate_applied(const Ask& ask, database::Engine engine);
/// Its name, quoted and with its schema: a migration may change the search path.
std::string dbmate_table(const Ask& ask, database::Engine engine);

}  // namespace baton
