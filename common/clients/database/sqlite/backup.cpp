// SQLite's online backup: a consistent copy while others read and write.
#include "common/clients/database/sqlite/backup.h"

#include "common/clients/database/sqlite/handle.h"
#include "common/core/printable.h"

namespace baton::database {
namespace {

constexpr int kPause = 10;    ///< milliseconds between two tries to get a lock
constexpr int kTries = 6000;  ///< a minute of them

Error failed(const std::string& destination, const std::string& cause) {
  return {ExitCode::unknown, "cannot back the database up into '" + printable(destination) + "': " + printable(cause),
          "Check the free space and who may write there (migrate.backup_dir)."};
}

void copy(sqlite3* from, sqlite3* to, const std::string& destination) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) throw failed(destination, sqlite3_errmsg(to));
  int code = sqlite3_backup_step(backup, -1);
  for (int left = kTries; left > 0 && (code == SQLITE_BUSY || code == SQLITE_LOCKED); --left) {
    sqlite3_sleep(kPause);
    code = sqlite3_backup_step(backup, -1);
  }
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) throw failed(destination, sqlite3_errstr(code));
}

std::string integrity(sqlite3* handle) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(handle, "pragma integrity_check(1)", -1, &raw, nullptr);
  const SqliteStatement statement(raw);
  if (code != SQLITE_OK || sqlite3_step(raw) != SQLITE_ROW) return sqlite3_errmsg(handle);
  return reinterpret_cast<const char*>(sqlite3_column_text(raw, 0));
}

}  // namespace

void backup_sqlite(const Address& address, const std::string& destination) {
  const SqliteHandle from = open_handle(address, SQLITE_OPEN_READWRITE);
  const SqliteHandle to = open_handle({.path = destination}, SQLITE_OPEN_READWRITE);
  copy(from.get(), to.get(), destination);
}

void check_sqlite_backup(const std::string& path) {
  const SqliteHandle handle = open_handle({.path = path}, SQLITE_OPEN_READWRITE);
  if (const auto verdict = integrity(handle.get()); verdict != "ok") throw failed(path, "integrity check: " + verdict);
}

}  // namespace baton::database
