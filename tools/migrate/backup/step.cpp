// Says where the backup will be before it is begun, so that a run killed meanwhile finds it again.
#include "tools/migrate/backup/step.h"

#include <algorithm>

#include "common/config/sections/migrate.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "tools/migrate/outcome.h"

namespace baton::migrate {
namespace {

bool is_within(const fs::path& path, const fs::path& folder) {
  const auto inner = fs::weakly_canonical(fs::absolute(path));
  const auto outer = fs::weakly_canonical(fs::absolute(folder));
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

Backup plan_backup(const Attempt& attempt) {
  const View& env = attempt.env;
  const Time now = env.clock.now();
  const fs::path folder = env.config.migrate().backup_dir;
  return {.path = (folder / backup_name(env.release.version, now, attempt.engine())).string(), .made_at = now};
}

void make_planned_backup(Attempt& attempt, const std::optional<DumpPrograms>& programs) {
  auto& progress = attempt.progress;
  if (!progress.backup) progress.backup = plan_backup(attempt);
  attempt.save();
  try {
    progress.keep_backup(make_backup({.address = attempt.workspace.direct,
                                      .destination = progress.backup->path,
                                      .programs = programs,
                                      .stop = attempt.env.stop}));
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    throw MigrationError(MigrationError::Cause::no_backup, error.what(), error.hint());
  }
}

/// An SQLite file without a table: a standalone run makes it. A PostgreSQL database is never known to be empty.
bool is_empty(const Attempt& attempt) {
  return attempt.engine() == database::Engine::sqlite &&
         attempt.database->query("select 1 from sqlite_master limit 1").rows.empty();
}

}  // namespace

std::optional<DumpPrograms> prepare_backup(const Attempt& attempt) {
  const View& env = attempt.env;
  if (!env.config.migrate().backup || attempt.progress.pending.empty() || !attempt.database) return std::nullopt;
  const fs::path folder = env.config.migrate().backup_dir;
  if (is_within(folder, env.dir)) {
    throw Error(ExitCode::usage,
                "the backup folder '" + printable(folder.string()) + "' lies in the handoff folder, which CI uploads",
                "Set migrate.backup_dir to a folder outside of --dir.");
  }
  if (attempt.engine() != database::Engine::postgresql) return std::nullopt;
  return find_dump_programs(server_major(*attempt.database));
}

void back_up(Attempt& attempt, const std::optional<DumpPrograms>& programs) {
  auto& progress = attempt.progress;
  if (progress.applied.empty() && is_empty(attempt)) progress.was_empty = true;
  if (attempt.env.config.migrate().backup && !progress.was_empty) {
    if (!is_backed_up(progress)) make_planned_backup(attempt, programs);
    attempt.log_once("Database backup created", " (size: " + size_text(progress.backup->size) + ")");
  }
  attempt.save();
}

}  // namespace baton::migrate
