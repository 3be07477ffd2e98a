// Opens an SQLite file.
#include "common/clients/database/sqlite/handle.h"

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::database {

Error unreachable_file(const Address& address, const std::string& cause) {
  return {ExitCode::unknown,
          "cannot reach the database '" + printable(address.path) + "'" + in_brackets(address.origin) + ": " +
              printable(cause),
          "Check the path in database.url and who may read and write the file."};
}

void prepare_handle(sqlite3* handle, const Address& address) {
  sqlite3_extended_result_codes(handle, 1);
  // Sorting and indexing spill to /tmp otherwise, which a scratch container does not have.
  const int read = sqlite3_exec(handle, "pragma temp_store = memory; pragma schema_version", nullptr, nullptr, nullptr);
  if (read != SQLITE_OK && (read & 0xFF) != SQLITE_BUSY) throw unreachable_file(address, sqlite3_errmsg(handle));
}

SqliteHandle open_handle(const Address& address, int flags) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(address.path.c_str(), &raw, flags, nullptr);
  SqliteHandle handle(raw);
  if (opened != SQLITE_OK) throw unreachable_file(address, sqlite3_errstr(opened));
  prepare_handle(raw, address);
  return handle;
}

}  // namespace baton::database
