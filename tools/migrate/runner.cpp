// Transactions, and what their failures mean.
#include "tools/migrate/runner.h"

#include "common/core/units.h"
#include "tools/migrate/guard.h"
#include "tools/migrate/location.h"

namespace baton::migrate {
namespace {

using Cause = MigrationError::Cause;
using database::Engine;
using database::StatementError;
using Reason = StatementGuard::Reason;

ExitCode code_of(Cause cause) {
  switch (cause) {
    case Cause::no_backup:
    case Cause::broken:
    case Cause::too_slow:
      return ExitCode::stop;
    case Cause::stopped:
      return ExitCode::interrupted;
    case Cause::lost:
      return ExitCode::unknown;
  }
  return ExitCode::error;
}

/// One move of the schema: what to run, and what the history shall say afterwards.
struct Move {
  const Migration& migration;
  const std::vector<Script>& scripts;
  bool is_up;
};

/// What the migration before left set in the session (search_path, timeouts, …) must not reach this one.
void clean_session(const Runner& runner) {
  if (runner.engine != Engine::postgresql) return;
  runner.database.execute("reset all");
  try {
    // A server whose client was killed then ends the statement within a second, instead of after it.
    runner.database.query(
        "select set_config(name, '1s', false) from pg_settings where name = 'client_connection_check_interval'");
  } catch (const StatementError&) {
    // Servers on systems without that notice a dead client when the statement ends.
  }
}

void roll_back(database::Database& database) {
  // A late cancel may hit the first try.
  for (int left = 3; left > 0 && database.in_transaction(); --left) {
    try {
      database.execute("rollback");
    } catch (const StatementError& error) {
      if (!error.is_cancelled()) return;
    }
  }
}

std::string where(const Move& move, const Script* script, const StatementError& error, Engine engine) {
  if (script == nullptr) return move.migration.file;
  const Spot spot = spot_of(*script, error.position(), engine);
  return move.migration.file + ":" + std::to_string(spot.line) + ":" + std::to_string(spot.column);
}

MigrationError explain(const Runner& runner, const Move& move, const Script* script, const StatementError& error,
                       Reason reason) {
  const std::string place = where(move, script, error, runner.engine);
  if (error.has_lost_connection()) {
    return {Cause::lost, place + ": " + error.what() + "; whether the migration was committed is not known",
            "Run this step again: it looks at the history and goes on from there."};
  }
  if (error.is_cancelled() && reason == Reason::budget) {
    return {Cause::too_slow,
            place + ": cancelled and rolled back: all migrations together may take " + to_text(runner.budget) +
                " (migrate.budget)",
            "Make the migration faster, or split it; see the recovery steps."};
  }
  if (error.is_cancelled() && reason == Reason::stopped) {
    return {Cause::stopped, place + ": cancelled and rolled back: the run was stopped", "Run this step again."};
  }
  const std::string kind = runner.engine == Engine::postgresql ? "SQLSTATE " : "SQLite code ";
  return {Cause::broken, place + ": " + error.what() + " (" + kind + error.sqlstate() + "); rolled back",
          "Correct the migration and test it on staging with production-like data."};
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
    if (!database.in_transaction()) throw StatementError("25000", "the migration ended its transaction by itself");
  }
  current = nullptr;
  (move.is_up ? history.add : history.remove)(database, table, move.migration.version);
  return true;
}

bool run(const Runner& runner, const Move& move) {
  const Duration started = runner.clock.monotonic();
  const std::string what = move.migration.file + (move.is_up ? " to be applied" : " to be reverted");
  const auto tell = [&] { runner.log.progress(what, runner.clock.monotonic() - started, runner.end - started); };
  StatementGuard guard(runner.database, runner.clock, {.end = runner.end, .stop = runner.stop, .on_tick = tell});
  const Script* current = nullptr;
  try {
    clean_session(runner);
    runner.database.execute(runner.engine == Engine::sqlite ? "begin immediate" : "begin");
    const bool moved = make_move(runner, move, current);
    runner.database.execute(moved ? "commit" : "rollback");
    return moved;
  } catch (const StatementError& error) {
    const Reason reason = guard.finish();
    roll_back(runner.database);
    throw explain(runner, move, current, error, reason);
  }
}

}  // namespace

MigrationError::MigrationError(Cause cause, const std::string& message, std::string hint)
    : Error(code_of(cause), message, std::move(hint)), cause_(cause) {}

MigrationError history_error(const StatementError& error) {
  const Cause cause = error.has_lost_connection() ? Cause::lost : Cause::broken;
  return {cause, std::string("the history schema_migrations: ") + error.what() + " (" + error.sqlstate() + ")",
          "Give the migration's user the rights to create, read and write that table."};
}

bool Runner::apply(const Migration& migration) const {
  return run(*this, {.migration = migration, .scripts = migration.up, .is_up = true});
}

bool Runner::revert(const Migration& migration) const {
  return run(*this, {.migration = migration, .scripts = migration.down, .is_up = false});
}

}  // namespace baton::migrate
