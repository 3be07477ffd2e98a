// An SQLite connection that closes itself and keeps its temporary data in memory.
#pragma once

#include <sqlite3.h>

#include <memory>

#include "common/clients/database/database.h"

namespace baton::database {

struct SqliteClose {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteHandle = std::unique_ptr<sqlite3, SqliteClose>;
using SqliteStatement = std::unique_ptr<sqlite3_stmt, SqliteClose>;

Error unreachable_file(const Address& address, const std::string& cause);

/// Of a file that was just opened. Throws Error{unknown} when it is no database.
void prepare_handle(sqlite3* handle, const Address& address);
/// `flags` as of sqlite3_open_v2. Throws Error{unknown} when there is no such file or it is no database.
SqliteHandle open_handle(const Address& address, int flags);

}  // namespace baton::database
