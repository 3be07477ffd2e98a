// Says where the backup will be before it is begun, so that a run killed meanwhile finds it again.
#include "tools/migrate/backup/step.h"

#include <algorithm>

#include "common/config/sections/migrate.h"
#include "common/config/sections/run.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "tools/migrate/backup/unfinished.h"
#include "tools/migrate/outcome.h"
#include "tools/migrate/resume.h"

namespace baton::migrate {
namespace {

constexpr Duration kFreshBackup = std::chrono::hours(1);  ///< a backup this old is not taken over
constexpr int kNames = 100;                               ///< tried for one backup: of runs that began in one second

bool is_within(const fs::path& path, const fs::path& folder) {
  const auto inner = fs::weakly_canonical(fs::absolute(path));
  const auto outer = fs::weakly_canonical(fs::absolute(folder));
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

/// What a CI host gives to a job, and clears at the latest for the next one.
std::optional<std::string> workspace_of(const View& env) {
  if (env.run.ci == "gitlab") return env.environment.find("CI_PROJECT_DIR");
  if (env.run.ci == "github") return env.environment.find("GITHUB_WORKSPACE");
  return std::nullopt;
}

fs::path folder_of(const Attempt& attempt) { return attempt.env.config.migrate().backup_dir; }

std::int64_t size_of_database(const Attempt& attempt) {
  const auto rows =
      attempt.database->query(attempt.engine() == database::Engine::sqlite
                                  ? "select page_count * page_size from pragma_page_count, pragma_page_size"
                                  : "select pg_database_size(current_database())");
  return std::stoll(rows.rows.at(0).at(0).value_or("0"));
}

/// Of the folder, or of the nearest one above that is there.
std::int64_t free_space(fs::path folder) {
  std::error_code failed;
  folder = fs::absolute(folder);
  while (!fs::exists(folder, failed) && folder.has_relative_path()) folder = folder.parent_path();
  return static_cast<std::int64_t>(std::min<std::uintmax_t>(fs::space(folder).available, INT64_MAX));
}

Backup plan_backup(const Attempt& attempt, int number) {
  const View& env = attempt.env;
  const Time now = env.clock.now();
  const std::string name = backup_name(env.release.version, attempt.workspace.address, now, number);
  return {.path = (folder_of(attempt) / name).string(), .made_at = now};
}

/// Under the first name that no other run has taken.
Backup make_under_a_free_name(Attempt& attempt, const std::optional<DumpPrograms>& programs) {
  auto& progress = attempt.progress;
  for (int number = 1; number <= kNames; ++number) {
    progress.backup = plan_backup(attempt, number);
    attempt.save();
    auto made = make_backup({.address = attempt.workspace.direct,
                             .destination = progress.backup->path,
                             .programs = programs,
                             .stop = attempt.env.stop});
    if (made) return *made;
  }
  throw Error(ExitCode::stop, "every name for the backup is taken, up to '" + printable(progress.backup->path) + "'",
              "Run this step again.");
}

void make_planned_backup(Attempt& attempt, const std::optional<DumpPrograms>& programs) {
  auto& progress = attempt.progress;
  try {
    check_space(size_of_database(attempt), free_space(folder_of(attempt)), folder_of(attempt));
    progress.keep_backup(make_under_a_free_name(attempt, programs));
  } catch (const Error& error) {
    progress.backup.reset();
    if (error.code() == ExitCode::interrupted) throw;
    throw MigrationError(Cause::no_backup, error.what(), error.hint());
  }
}

/// An SQLite file without a table: a standalone run makes it. A PostgreSQL database is never known to be empty.
bool is_empty(const Attempt& attempt) {
  return attempt.engine() == database::Engine::sqlite &&
         attempt.database->query("select 1 from sqlite_master limit 1").rows.empty();
}

bool can_be_read(const Attempt& attempt, const std::optional<DumpPrograms>& programs, const std::string& path) {
  try {
    read_back(
        {.address = attempt.workspace.direct, .destination = path, .programs = programs, .stop = attempt.env.stop});
    return true;
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    attempt.env.log.warning("the backup of an earlier run is not taken over: " + std::string(error.what()));
    return false;
  }
}

/// One of a try long ago would miss what was written since, unless that try has changed the schema already. The file
/// says how old it is, not the state.
bool is_still_good(const Attempt& attempt, const std::string& path) {
  if (has_ended(*attempt.env.resumed)) return false;
  return !attempt.progress.applied.empty() || attempt.env.started_at - modified_at(path) <= kFreshBackup;
}

}  // namespace

bool is_own_backup(const View& env, const Workspace& workspace, const fs::path& path) {
  const fs::path folder = env.config.migrate().backup_dir;
  return path.parent_path() == folder &&
         path.filename().string().starts_with(backup_name_start(env.release.version, workspace.address));
}

void check_backup_folder(Attempt& attempt) {
  const View& env = attempt.env;
  if (!attempt.progress.wants_backup || attempt.progress.pending.empty()) return;
  const std::string folder = printable(folder_of(attempt).string());
  if (is_within(folder_of(attempt), env.dir)) {
    throw Error(ExitCode::usage, "the backup folder '" + folder + "' lies in the handoff folder, which CI uploads",
                "Set migrate.backup_dir to a folder outside of --dir.");
  }
  const auto workspace = workspace_of(env);
  attempt.progress.is_in_workspace = workspace && is_within(folder_of(attempt), *workspace);
  if (!attempt.progress.is_in_workspace) return;
  const Error lost(ExitCode::usage,
                   "the backup folder '" + folder + "' lies in the job's workspace, which the host clears",
                   "Set migrate.backup_dir to a folder outside of it that outlives the job.");
  if (env.config.run().strict) throw lost;
  env.log.warning(std::string(lost.what()) + ". " + lost.hint());
}

std::optional<DumpPrograms> find_programs(const Attempt& attempt) {
  if (!attempt.progress.wants_backup || attempt.progress.pending.empty()) return std::nullopt;
  if (attempt.engine() != database::Engine::postgresql) return std::nullopt;
  return find_dump_programs(server_major(*attempt.database));
}

void take_over_backup(Attempt& attempt, const std::optional<DumpPrograms>& programs) {
  const auto& saved = attempt.earlier_backup;
  if (!saved || !is_own_backup(attempt.env, attempt.workspace, saved->path)) return;
  UnfinishedBackup::remove_rest_of(saved->path);
  const auto found = find_backup(saved->path);
  // Another file under that name is left alone: a new backup gets a name of its own.
  if (!found || (!saved->sha256.empty() && saved->sha256 != found->sha256)) return;
  // Where nothing is pending no new one is due, and this one stays the one from before.
  const bool is_due = attempt.progress.wants_backup && !attempt.progress.pending.empty();
  if (is_due && (!is_still_good(attempt, saved->path) || !can_be_read(attempt, programs, saved->path))) return;
  attempt.progress.backup = saved;
  attempt.progress.keep_backup(*found);
}

void back_up(Attempt& attempt, const std::optional<DumpPrograms>& programs) {
  auto& progress = attempt.progress;
  // The database says it, not what an earlier run wrote down.
  progress.was_empty = is_empty(attempt);
  if (progress.wants_backup && !progress.was_empty) {
    if (!is_backed_up(progress)) make_planned_backup(attempt, programs);
    attempt.log_once("Database backup created", " (size: " + size_text(progress.backup->size) + ")");
  }
  attempt.save();
}

}  // namespace baton::migrate
