// Trusts the saved state for what was meant, and the database and the disk for what was done.
#include "tools/migrate/resume.h"

namespace baton::migrate {
namespace {

constexpr Duration kFreshBackup = std::chrono::hours(1);  ///< a backup this old is not taken over

/// The file has its name only once it is whole, so one that stands where a killed run meant to put it is that backup.
/// One of a try long ago would miss what was written since, unless that try has changed the schema already.
void take_over_backup(Attempt& attempt, const SavedProgress& saved) {
  auto& progress = attempt.progress;
  progress.was_empty = saved.was_empty;
  if (!saved.backup) return;
  if (progress.applied.empty() && attempt.env.started_at - saved.backup->made_at > kFreshBackup) return;
  const auto found = find_backup(saved.backup->path);
  // Another file under that name is left alone: a new backup gets a name of its own.
  if (found && !saved.backup->sha256.empty() && saved.backup->sha256 != found->sha256) return;
  progress.backup = saved.backup;
  progress.backup->sha256.clear();
  if (found) progress.keep_backup(*found);
}

}  // namespace

void take_over(Attempt& attempt, const std::set<std::string>& applied) {
  if (!attempt.env.resumed) return;
  const SavedProgress saved = saved_progress(attempt.env.resumed->state);
  const auto& workspace = attempt.workspace;
  attempt.progress.applied = saved.applied;
  for (const auto& file : workspace.files) {
    // A killed run may have committed a migration and not lived to say so.
    if (!saved.pending.contains(file.version) || !applied.contains(file.version)) continue;
    const Migration migration = load_migration(workspace.format, file, attempt.engine());
    attempt.progress.applied.push_back(attempt.entry_of(migration, std::nullopt));
  }
  take_over_backup(attempt, saved);
}

}  // namespace baton::migrate
