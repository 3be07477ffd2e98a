// One migration in one transaction, together with its row in the history.
#pragma once

#include "common/cli/log.h"
#include "common/io/clock.h"
#include "tools/migrate/cause.h"
#include "tools/migrate/workspace.h"

namespace baton::migrate {

/// Why migrations did not happen, with the cause's own hint where none is given.
class MigrationError : public Error {
 public:
  MigrationError(Cause cause, const std::string& message, const std::string& hint = {});
  Cause cause() const { return cause_; }

 private:
  Cause cause_;
};

/// Of a statement that belongs to no migration: reading or making the history.
MigrationError history_error(const database::StatementError& error);

/// look_at_history() with its errors as a migration's.
std::set<std::string> read_history(const View& env, const Workspace& workspace);

struct Runner {
  database::Database& database;
  database::Engine engine;
  const Format& format;
  Clock& clock;
  Log& log;
  std::stop_token stop = {};
  Duration end;     ///< of the budget, on the clock's monotonic time
  Duration budget;  ///< for messages

  /// False when another run had applied it by the time the database was ours. Throws MigrationError.
  bool apply(const Migration& migration) const;
  /// False when another run had reverted it.
  bool revert(const Migration& migration) const;
};

}  // namespace baton::migrate
