// SQLite: statement by statement, so that an error knows its place in the whole text.
#include "common/clients/database/sqlite/connection.h"

#include <atomic>
#include <chrono>

#include "common/clients/database/sqlite/handle.h"
#include "common/core/printable.h"

namespace baton::database {
namespace {

constexpr int kBusyPause = 10;  ///< milliseconds between two tries to get a lock

/// Characters of UTF-8 before byte `offset`, counted from 1.
int character_at(std::string_view text, std::size_t offset) {
  int position = 1;
  for (const char c : text.substr(0, offset)) position += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return position;
}

class Sqlite final : public Database {
 public:
  Sqlite(SqliteHandle handle, Duration timeout) : handle_(std::move(handle)), timeout_(timeout) {
    sqlite3_busy_handler(handle_.get(), &Sqlite::wait_for_lock, this);
    sqlite3_commit_hook(handle_.get(), &Sqlite::see_commit, this);
  }

  void execute(std::string_view sql) override {
    is_cancelled_ = false;
    committed_ = 0;
    // SQLite reads no further than to a NUL, and would drop what follows without a word.
    if (const auto nul = sql.find('\0'); nul != std::string_view::npos) {
      throw StatementError(std::to_string(SQLITE_ERROR), "the text holds a NUL byte", {},
                           {.character = character_at(sql, nul)});
    }
    std::size_t at = 0;
    for (int number = 1; at < sql.size(); ++number) {
      const auto before = at;
      has_seen_commit_ = false;
      const SqliteStatement statement = prepare(sql, at, number);
      if (!statement) continue;
      while (step(statement.get(), {.character = start_of(sql, before), .statement = number})) {
      }
      if (has_seen_commit_) committed_ = number;
    }
  }

  Rows query(std::string_view sql, const std::vector<Cell>& parameters) override {
    is_cancelled_ = false;
    std::size_t at = 0;
    const SqliteStatement statement = prepare(sql, at, 1);
    Rows rows;
    if (!statement) return rows;
    bind(statement.get(), parameters);
    const int columns = sqlite3_column_count(statement.get());
    for (int column = 0; column < columns; ++column)
      rows.columns.emplace_back(sqlite3_column_name(statement.get(), column));
    while (step(statement.get(), {.character = 1, .statement = 1})) {
      Row row;
      for (int column = 0; column < columns; ++column) row.push_back(cell(statement.get(), column));
      rows.rows.push_back(std::move(row));
    }
    return rows;
  }

  void cancel() override {
    is_cancelled_ = true;
    sqlite3_interrupt(handle_.get());
  }

  bool in_transaction() const override { return sqlite3_get_autocommit(handle_.get()) == 0; }

  int committed() const override { return committed_; }

  /// SQLite has nothing to say while it works.
  void on_notice(std::function<void(std::string_view, std::string_view)>) override {}

 private:
  /// SQLite's own waiting cannot be cancelled.
  static int wait_for_lock(void* self, int tries) {
    const auto& sqlite = *static_cast<Sqlite*>(self);
    if (sqlite.is_cancelled_ || std::chrono::milliseconds(kBusyPause) * tries >= sqlite.timeout_) return 0;
    sqlite3_sleep(kBusyPause);
    return 1;
  }

  static int see_commit(void* self) {
    static_cast<Sqlite*>(self)->has_seen_commit_ = true;
    return 0;
  }

  /// Where the next statement's own text begins, behind blanks and comments.
  static int start_of(std::string_view sql, std::size_t at) {
    for (;;) {
      at = std::min(sql.find_first_not_of(" \t\r\n\f;", at), sql.size());
      const auto rest = sql.substr(at);
      if (rest.starts_with("--")) {
        at = std::min(sql.find('\n', at), sql.size());
      } else if (rest.starts_with("/*")) {
        at = std::min(sql.find("*/", at + 2), sql.size() - 2) + 2;
      } else {
        return character_at(sql, at);
      }
    }
  }

  static Cell cell(sqlite3_stmt* statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return std::nullopt;
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    return bytes == nullptr ? std::string() : std::string(bytes, size);
  }

  SqliteStatement prepare(std::string_view sql, std::size_t& at, int number) {
    sqlite3_stmt* statement = nullptr;
    const char* begin = sql.data() + at;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v2(handle_.get(), begin, static_cast<int>(sql.size() - at), &statement, &tail);
    if (code != SQLITE_OK) {
      const int offset = sqlite3_error_offset(handle_.get());
      const int character = offset < 0 ? start_of(sql, at) : character_at(sql, at + static_cast<std::size_t>(offset));
      throw failure({.character = character, .statement = number});
    }
    at += static_cast<std::size_t>(tail - begin);
    return SqliteStatement(statement);
  }

  void bind(sqlite3_stmt* statement, const std::vector<Cell>& parameters) {
    for (std::size_t number = 1; number <= parameters.size(); ++number) {
      const int index = sqlite3_bind_parameter_index(statement, ("$" + std::to_string(number)).c_str());
      const Cell& value = parameters[number - 1];
      if (index == 0 || !value) continue;
      sqlite3_bind_text(statement, index, value->data(), static_cast<int>(value->size()), SQLITE_TRANSIENT);
    }
  }

  /// Whether there is a row.
  bool step(sqlite3_stmt* statement, const ErrorPosition& position) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw failure(position);
  }

  StatementError failure(const ErrorPosition& position) const {
    const bool gave_up = is_cancelled_ && sqlite3_errcode(handle_.get()) == SQLITE_BUSY;
    const int code = gave_up ? SQLITE_INTERRUPT : sqlite3_extended_errcode(handle_.get());
    return {std::to_string(code), printable(sqlite3_errmsg(handle_.get())), {}, position};
  }

  SqliteHandle handle_;
  Duration timeout_;
  int committed_ = 0;
  bool has_seen_commit_ = false;
  std::atomic<bool> is_cancelled_{false};
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const Address& address, Duration timeout, IfMissing if_missing) {
  const int creation = if_missing == IfMissing::create ? SQLITE_OPEN_CREATE : 0;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | creation;
  return std::make_unique<Sqlite>(open_handle(address, flags), timeout);
}

}  // namespace baton::database
