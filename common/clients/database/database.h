// One way to talk to a database; SQLite and PostgreSQL behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/error.h"
#include "common/core/time.h"

namespace baton::database {

/// A statement failed. `sqlstate` has five characters for PostgreSQL; SQLite gives its extended code as text.
class StatementError : public Error {
 public:
  StatementError(std::string sqlstate, const std::string& message, std::string hint = {}, int position = 0)
      : Error(ExitCode::stop, message, std::move(hint)), sqlstate_(std::move(sqlstate)), position_(position) {}
  const std::string& sqlstate() const { return sqlstate_; }
  int position() const { return position_; }  ///< character in the statement from 1; 0 unknown

 private:
  std::string sqlstate_;
  int position_;
};

using Cell = std::optional<std::string>;  ///< nothing: NULL
using Row = std::vector<Cell>;

struct Rows {
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

class Database {
 public:
  virtual ~Database() = default;
  /// One or more statements without parameters, as one simple query.
  virtual void execute(std::string_view sql) = 0;
  /// One statement; placeholders are $1, $2, … for both.
  virtual Rows query(std::string_view sql, const std::vector<Cell>& parameters = {}) = 0;
  /// Stops the running statement from another thread; it then throws StatementError (57014, or SQLITE_INTERRUPT).
  virtual void cancel() = 0;
  virtual bool in_transaction() const = 0;
  /// Called for each NOTICE or WARNING: severity, text.
  virtual void on_notice(std::function<void(std::string_view, std::string_view)> take) = 0;
};

enum class Engine { sqlite, postgresql };

struct Address {
  Engine engine = Engine::sqlite;
  std::string url;       ///< as given; secret
  std::string identity;  ///< "postgresql://host:port/name", or the absolute path of an SQLite file; no secret
  std::string path = {};  ///< of an SQLite file, as given
  std::string name = {};  ///< database name
};
/// postgresql:// postgres:// sqlite: sqlite3: ; mysql:// is refused by name. Throws Error{usage}.
Address parse_address(std::string_view url);

/// Throws Error{unknown} "cannot reach the database '…': …" with the password left out. SQLite: `create` makes the file.
std::unique_ptr<Database> connect(const Address& address, Duration timeout, bool create = false);

/// SQLite's online backup into `destination`, whole or not there. Throws Error{unknown}.
void backup_sqlite(const Address& address, const std::string& destination);

}  // namespace baton::database
