// The way back of the newest applied migration, as dbmate's rollback goes it.
#include "tools/migrate/down.h"

#include <algorithm>

#include "common/config/sections/migrate.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "common/step/handoff_folder.h"
#include "tools/migrate/lock.h"
#include "tools/migrate/outcome.h"
#include "tools/migrate/workspace.h"

namespace baton::migrate {
namespace {

/// By file order, as dbmate does it; Error{usage} when there is none.
const MigrationFile& newest_applied(const std::vector<MigrationFile>& files, const std::set<std::string>& applied) {
  const auto found = std::ranges::find_if(files.rbegin(), files.rend(),
                                          [&](const auto& file) { return applied.contains(file.version); });
  if (found != files.rend()) return *found;
  throw Error(ExitCode::usage, "no migration of this folder is applied, so there is none to revert",
              "Look with 'status'.");
}

StepResult done(const std::string& text) { return {.verdict = Verdict::proceed, .summary = text + "\n"}; }

StepResult revert_newest(Env& env, const Workspace& workspace, database::Database& database) {
  const auto engine = workspace.direct.engine;
  const Duration budget = env.config.migrate().budget;
  const auto holder = take_lock(database, engine, patience_of(env), budget);
  if (holder)
    throw Error(ExitCode::again, "another migration run holds the database's lock: " + *holder,
                "Run this again later.");
  const auto& file = newest_applied(workspace.files, workspace.format.history.read(over(database), engine));
  const Migration migration = load_migration(workspace.format, file, engine);
  if (env.is_dry_run()) return done("Would revert: " + file.name);
  if (!is_reversible(migration, engine)) {
    env.log.warning(printable(file.name) + " has no statement in its down block: only its row in the history goes");
  }
  // Before the schema changes: a killed run must not leave a handoff that says what is no longer so.
  HandoffFolder(env.dir).withdraw("migrate");
  const Duration started = env.clock.monotonic();
  const Runner runner{.database = database,
                      .engine = engine,
                      .format = workspace.format,
                      .clock = env.clock,
                      .log = env.log,
                      .stop = env.stop,
                      .end = started + budget,
                      .budget = budget};
  if (!runner.revert(migration)) return done("Already reverted by another run: " + file.name);
  return done("Reverted: " + file.name + " in " + to_words(env.clock.monotonic() - started));
}

}  // namespace

StepResult down(Env& env) {
  const Workspace workspace = find_workspace(env);
  try {
    return revert_newest(env, workspace, *connect(env, workspace));
  } catch (const MigrationError& error) {
    StepResult answer{.verdict = verdict_of(error.cause())};
    answer.code = error.code();
    answer.summary = error.what();
    answer.recovery = recovery_steps(error.cause(), "");
    return answer;
  } catch (const database::StatementError& error) {
    throw history_error(error);
  }
}

}  // namespace baton::migrate
