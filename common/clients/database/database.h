// One way to talk to a database; SQLite and PostgreSQL behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/database/address.h"
#include "common/core/error.h"
#include "common/core/time.h"

namespace baton::database {

/// Where in the text that was sent a statement failed; 0: not known.
struct ErrorPosition {
  int character = 0;  ///< of the whole text, from 1
  int statement = 0;  ///< which one of the text, from 1
};

/// A statement failed. `sqlstate` has five characters for PostgreSQL (08006: the connection is gone); SQLite gives its
/// extended code as text.
class StatementError : public Error {
 public:
  StatementError(std::string sqlstate, const std::string& message, std::string hint = {}, ErrorPosition position = {})
      : Error(ExitCode::stop, message, std::move(hint)), sqlstate_(std::move(sqlstate)), position_(position) {}
  const std::string& sqlstate() const { return sqlstate_; }
  const ErrorPosition& position() const { return position_; }
  /// Stopped by cancel().
  bool is_cancelled() const;
  /// What happened to an unfinished transaction is not known from here.
  bool has_lost_connection() const;

 private:
  std::string sqlstate_;
  ErrorPosition position_;
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
  /// One or more statements without parameters, as one simple query. A COMMIT that the server turned into a rollback
  /// throws.
  virtual void execute(std::string_view sql) = 0;
  /// One statement; placeholders are $1, $2, … for both.
  virtual Rows query(std::string_view sql, const std::vector<Cell>& parameters = {}) = 0;
  /// Stops the running statement from another thread; it then throws StatementError (57014, or SQLITE_INTERRUPT).
  virtual void cancel() = 0;
  virtual bool in_transaction() const = 0;
  /// How many statements of the text that was executed last are known to be committed, counted from its first: a text
  /// may end its transaction by itself, and what follows then stays too. 0: none.
  virtual int committed() const = 0;
  /// Called for each NOTICE or WARNING: severity, text.
  virtual void on_notice(std::function<void(std::string_view, std::string_view)> take) = 0;
};

/// A name as SQL writes it whatever is in it, for both engines: in double quotes.
std::string quoted_name(std::string_view name);

/// What becomes of an SQLite file that is not there. A PostgreSQL database is never made.
enum class IfMissing { fail, create };

/// Throws Error{unknown} "cannot reach the database '…': …" with the password left out. SQLite: `timeout` is also how
/// long a statement waits for another program's lock.
std::unique_ptr<Database> connect(const Address& address, Duration timeout, IfMissing if_missing = IfMissing::fail);

}  // namespace baton::database
