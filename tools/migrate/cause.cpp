// Two tables: from codes to causes, and from causes to what is said. A restore is not among the first steps: a rolled
// back transaction leaves nothing to restore.
#include "tools/migrate/cause.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace baton::migrate {
namespace {

struct CodeRow {
  std::string_view code;  ///< SQLSTATE, or SQLite's primary code
  Cause cause;
};
constexpr auto kCodes = std::to_array<CodeRow>({
    {"08006", Cause::lost},
    {"25006", Cause::read_only},
    {"42501", Cause::denied},
    {"53100", Cause::full},
    {"55P03", Cause::locked},
    {"3", Cause::denied},      // SQLITE_PERM
    {"5", Cause::locked},      // SQLITE_BUSY
    {"6", Cause::locked},      // SQLITE_LOCKED
    {"8", Cause::read_only},   // SQLITE_READONLY
    {"13", Cause::full},       // SQLITE_FULL
    {"14", Cause::read_only},  // SQLITE_CANTOPEN: no journal can be made beside the file
});

constexpr std::string_view kStop = "Stop the deployment: do not go on to the switch.";
constexpr std::string_view kAbout{};  ///< stands for what is said of the backup
constexpr std::string_view kAgain = "Run the same command again.";

struct CauseRow {
  Cause cause;
  ExitCode code;
  std::string_view hint;
  std::array<std::string_view, 6> steps;
  std::size_t count;
};
constexpr auto kCauses = std::to_array<CauseRow>({
    {Cause::no_backup,
     ExitCode::stop,
     "Correct what the message says; nothing was migrated.",
     {"Stop the deployment: without a backup nothing was migrated.", "Correct what the message above says.", kAgain},
     3},
    {Cause::broken,
     ExitCode::stop,
     "Correct the migration and test it on staging with production-like data.",
     {kStop, kAbout, "Investigate the error: correct the SQL, and try it on staging with production-like data.",
      "Test the migration on staging again.", "Deploy again once it succeeds there."},
     5},
    {Cause::too_slow,
     ExitCode::stop,
     "Make the migration faster, or split it; see the recovery steps.",
     {kStop, kAbout, "Migration Too Slow: analyse the statement named above with EXPLAIN ANALYZE.",
      "Look for the cause: a missing index (add it before), a full table scan, a large table (work in batches).",
      "Optimise: add indexes in a migration of their own, change 1000 rows at a time, run it in a quiet hour.",
      "Test the migration on staging again, then deploy again."},
     6},
    {Cause::half_applied,
     ExitCode::rollback_failed,
     "A person must bring the database in order before anything else is run on it; see the recovery steps.",
     {kStop,
      "A part of the migration is committed and cannot be rolled back: look at the tables it names before anything "
      "else.",
      "Undo that part by hand, or finish the migration by hand and add its version to schema_migrations.", kAbout,
      "Remove what ends the transaction (COMMIT, ROLLBACK) from the file: each migration runs in one of ours.",
      "Test the migration on staging again, then deploy again."},
     6},
    {Cause::locked,
     ExitCode::again,
     "Run this again once the other program has let go.",
     {"Find the program that holds the lock: a long transaction, a backup, an open session.",
      "End it, or wait until it has ended.", kAgain},
     3},
    {Cause::read_only,
     ExitCode::stop,
     "Point database.url at the primary, or make the database writable.",
     {kStop, "Look where database.url (or database.direct_url) points: a standby takes no writes, the primary does.",
      "On a primary: look why it takes no writes (default_transaction_read_only, the file's and the folder's rights).",
      kAgain},
     4},
    {Cause::denied,
     ExitCode::stop,
     "Give the migration's user the right that the message names.",
     {kStop, kAbout, "Give the migration's user the right that is missing (GRANT), or use the tables' owner.", kAgain},
     4},
    {Cause::full,
     ExitCode::stop,
     "Free space where the database keeps its files.",
     {kStop, kAbout, "Free space on the database's disk, or make it larger.", kAgain},
     4},
    {Cause::changed,
     ExitCode::stop,
     "Look at what the last applied migration did to schema_migrations and the search path.",
     {kStop, "What is listed as applied stays: look at the database and the history before anything else is run.",
      kAgain},
     3},
    {Cause::stopped,
     ExitCode::interrupted,
     "Run this step again.",
     {"Run the same command again: it goes on where this run was stopped."},
     1},
    {Cause::lost,
     ExitCode::unknown,
     "Run this step again: it looks at the history and goes on from there.",
     {"Check that the database answers.", "Run the same command again: it looks which migrations are in the history."},
     2},
});

const CauseRow& row_of(Cause cause) { return *std::ranges::find(kCauses, cause, &CauseRow::cause); }

/// SQLite's extended codes hold the primary one in their last byte.
std::string primary(const std::string& code) {
  int number = 0;
  const auto [end, failed] = std::from_chars(code.data(), code.data() + code.size(), number);
  const bool is_sqlite = failed == std::errc() && end == code.data() + code.size() && code.size() < 5;
  return is_sqlite ? std::to_string(number & 0xFF) : code;
}

std::string about_backup(Cause cause, const std::string& backup) {
  if (cause == Cause::half_applied) {
    return backup.empty() ? "There is no backup of this deployment: what is committed can only be undone by hand."
                          : "The backup from before is " + backup + "; what was written since is not in it.";
  }
  const std::string start = "Nothing has to be restored: the failed migration was rolled back whole.";
  return backup.empty() ? start : start + " The backup from before is " + backup + ".";
}

}  // namespace

Cause cause_of(const database::StatementError& error) {
  const auto* const row = std::ranges::find(kCodes, primary(error.sqlstate()), &CodeRow::code);
  return row == kCodes.end() ? Cause::broken : row->cause;
}

ExitCode code_of(Cause cause) { return row_of(cause).code; }

std::string hint_of(Cause cause) { return std::string(row_of(cause).hint); }

std::vector<std::string> recovery_steps(Cause cause, const std::string& backup) {
  const CauseRow& row = row_of(cause);
  std::vector<std::string> steps;
  for (std::size_t at = 0; at < row.count; ++at) {
    steps.push_back(row.steps[at] == kAbout ? about_backup(cause, backup) : std::string(row.steps[at]));
  }
  return steps;
}

}  // namespace baton::migrate
