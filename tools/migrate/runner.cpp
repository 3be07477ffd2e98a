// Transactions, and what their failures mean.
#include "tools/migrate/runner.h"

#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/migrate/guard.h"
#include "tools/migrate/location.h"
#include "tools/migrate/session.h"

namespace baton::migrate {
namespace {

using database::Engine;
using database::StatementError;
using Reason = StatementGuard::Reason;

/// One move of the schema: what to run, and what the history shall say afterwards.
struct Move {
  const Migration& migration;
  const std::vector<Script>& scripts;
  bool is_up;
};

/// A server whose client was killed then ends the statement within a second, instead of after it.
void notice_a_dead_client(const Runner& runner) {
  if (runner.engine != Engine::postgresql) return;
  try {
    runner.database.query(
        "select set_config(name, '1s', false) from pg_settings where name = 'client_connection_check_interval'");
  } catch (const StatementError&) {
    // Servers on systems without that notice a dead client when the statement ends.
  }
}

/// Whether it was seen to end.
bool roll_back(database::Database& database) {
  // A late cancel may hit the first try.
  for (int left = 3; left > 0 && database.in_transaction(); --left) {
    try {
      database.execute("rollback");
    } catch (const StatementError& error) {
      if (!error.is_cancelled()) return false;
    }
  }
  return !database.in_transaction();
}

std::string where(const Move& move, const Script* script, const StatementError& error, Engine engine) {
  if (script == nullptr) return move.migration.file;
  const Spot spot = spot_of(*script, error.position(), engine);
  return move.migration.file + ":" + std::to_string(spot.line) + ":" + std::to_string(spot.column);
}

/// How far a move had come when a statement failed.
struct Tried {
  const Script* script = nullptr;  ///< the one that ran; none: our own statements
  bool has_begun = false;
  int committed = 0;       ///< statements of `script` that stay
  bool is_undone = false;  ///< the rollback was seen to end
  Reason reason = Reason::none;
};

/// With a cancel of ours told apart from the server's own.
MigrationError explain_cancelled(const Runner& runner, const Tried& tried, const std::string& place) {
  if (tried.reason == Reason::stopped) {
    return {Cause::stopped, place + ": cancelled and rolled back: the run was stopped"};
  }
  const std::string limit = to_text(runner.budget) + " (migrate.budget)";
  if (!tried.has_begun) return {Cause::locked, place + ": another program kept the database locked for " + limit};
  return {Cause::too_slow, place + ": cancelled and rolled back: all migrations together may take " + limit};
}

MigrationError explain(const Runner& runner, const Move& move, const Tried& tried, const StatementError& error) {
  const std::string place = where(move, tried.script, error, runner.engine);
  const std::string kind = runner.engine == Engine::postgresql ? "SQLSTATE " : "SQLite code ";
  const std::string text = place + ": " + error.what() + " (" + kind + error.sqlstate() + ")";
  if (tried.committed > 0) {
    return {Cause::half_applied, text + "; committed and not rolled back: the text's first " +
                                     count_text(tried.committed, "statement") + "; not in the history"};
  }
  if (error.has_lost_connection()) {
    return {Cause::lost, place + ": " + error.what() + "; whether the migration was committed is not known"};
  }
  if (!tried.is_undone) return {Cause::lost, text + "; whether it was rolled back could not be seen"};
  if (error.is_cancelled() && tried.reason != Reason::none) return explain_cancelled(runner, tried, place);
  return {cause_of(error), text + "; rolled back"};
}

/// Runs inside the transaction; `current` tells what ran when it throws. False: the history already says so.
bool make_move(const Runner& runner, const Move& move, const Script*& current) {
  auto& database = runner.database;
  const History& history = runner.format.history;
  if (history.read(over(database), runner.engine).count(move.migration.version) == (move.is_up ? 1U : 0U)) return false;
  const std::string table = history.table(database, runner.engine);
  for (const Script& script : move.scripts) {
    current = &script;
    database.execute(script.sql);
    if (database.committed() > 0 || !database.in_transaction()) {
      throw StatementError("25000", "the migration ended its transaction by itself");
    }
  }
  current = nullptr;
  return_to_own_user(database, runner.engine);
  (move.is_up ? history.add : history.remove)(database, table, move.migration.version);
  return true;
}

/// The closing look and the next step on this connection must not meet what the migration left in it.
void clean_up(const Runner& runner) {
  try {
    clean_session(runner.database, runner.engine);
  } catch (const StatementError&) {
    // What was done is done; the next statement says better what is wrong with the connection.
  }
}

bool run(const Runner& runner, const Move& move) {
  const Duration started = runner.clock.monotonic();
  const std::string what = move.migration.file + (move.is_up ? " to be applied" : " to be reverted");
  const auto tell = [&] { runner.log.progress(what, runner.clock.monotonic() - started, runner.end - started); };
  StatementGuard guard(runner.database, runner.clock, {.end = runner.end, .stop = runner.stop, .on_tick = tell});
  Tried tried;
  const auto undo = [&] {
    tried.reason = guard.finish();
    tried.committed = tried.script == nullptr ? 0 : runner.database.committed();
    tried.is_undone = roll_back(runner.database);
  };
  bool has_moved = false;
  try {
    clean_session(runner.database, runner.engine);
    notice_a_dead_client(runner);
    runner.database.execute(runner.engine == Engine::sqlite ? "begin immediate" : "begin");
    tried.has_begun = true;
    has_moved = make_move(runner, move, tried.script);
    runner.database.execute(has_moved ? "commit" : "rollback");
  } catch (const StatementError& error) {
    undo();
    throw explain(runner, move, tried, error);
  } catch (const Error& error) {
    undo();
    if (!tried.is_undone) throw MigrationError(Cause::lost, move.migration.file + ": " + error.what());
    throw MigrationError(Cause::changed, move.migration.file + ": " + error.what() + "; rolled back", error.hint());
  }
  guard.finish();
  clean_up(runner);
  return has_moved;
}

}  // namespace

MigrationError::MigrationError(Cause cause, const std::string& message, const std::string& hint)
    : Error(code_of(cause), message, hint.empty() ? hint_of(cause) : hint), cause_(cause) {}

MigrationError history_error(const StatementError& error) {
  return {cause_of(error),
          std::string("the history schema_migrations: ") + error.what() + " (" + error.sqlstate() + ")"};
}

std::set<std::string> read_history(const View& env, const Workspace& workspace) {
  try {
    return look_at_history(env, workspace);
  } catch (const StatementError& error) {
    throw history_error(error);
  }
}

bool Runner::apply(const Migration& migration) const {
  return run(*this, {.migration = migration, .scripts = migration.up, .is_up = true});
}

bool Runner::revert(const Migration& migration) const {
  return run(*this, {.migration = migration, .scripts = migration.down, .is_up = false});
}

}  // namespace baton::migrate
