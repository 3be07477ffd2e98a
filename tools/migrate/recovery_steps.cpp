// What a person does next. A restore is not among the first steps: a rolled back transaction leaves nothing to restore.
#include "tools/migrate/recovery_steps.h"

namespace baton::migrate {
namespace {

std::string about_backup(const std::string& backup) {
  const std::string start = "Nothing has to be restored: the failed migration was rolled back whole.";
  return backup.empty() ? start : start + " The backup from before is " + backup + ".";
}

std::vector<std::string> after_error(const std::string& backup) {
  return {"Stop the deployment: do not go on to the switch.", about_backup(backup),
          "Investigate the error: correct the SQL, and try it on staging with production-like data.",
          "Test the migration on staging again.", "Deploy again once it succeeds there."};
}

std::vector<std::string> after_slowness(const std::string& backup) {
  return {"Stop the deployment: do not go on to the switch.",
          about_backup(backup),
          "Migration Too Slow: analyse the statement named above with EXPLAIN ANALYZE.",
          "Look for the cause: a missing index (add it before), a full table scan, a large table (work in batches).",
          "Optimise: add indexes in a migration of their own, change 1000 rows at a time, run it in a quiet hour.",
          "Test the migration on staging again, then deploy again."};
}

}  // namespace

std::vector<std::string> recovery_steps(MigrationError::Cause cause, const std::string& backup) {
  using Cause = MigrationError::Cause;
  switch (cause) {
    case Cause::no_backup:
      return {"Stop the deployment: without a backup nothing was migrated.", "Correct what the message above says.",
              "Run the same command again."};
    case Cause::broken:
      return after_error(backup);
    case Cause::too_slow:
      return after_slowness(backup);
    case Cause::stopped:
      return {"Run the same command again: it goes on where this run was stopped."};
    case Cause::lost:
      return {"Check that the database answers.",
              "Run the same command again: it looks which migrations are in the history."};
  }
  return {};
}

}  // namespace baton::migrate
