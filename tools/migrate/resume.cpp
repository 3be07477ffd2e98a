// Trusts the saved state for what was meant, and the database and the disk for what was done.
#include "tools/migrate/resume.h"

#include <algorithm>

#include "common/core/digest.h"
#include "tools/migrate/backup/step.h"
#include "tools/migrate/runner.h"

namespace baton::migrate {
namespace {

bool is_of(const Handoff& handoff, const Workspace& workspace) {
  return handoff.state["database"].string_or("") == workspace.address.identity;
}

const MigrationFile* file_of(const Workspace& workspace, const std::string& version) {
  const auto found = std::ranges::find(workspace.files, version, &MigrationFile::version);
  return found == workspace.files.end() ? nullptr : &*found;
}

/// That its way down is there is believed of the very file only.
bool is_as_saved(const Workspace& workspace, const AppliedMigration& saved) {
  const auto* const file = file_of(workspace, saved.version);
  if (file == nullptr || sha256_hex(read_file(file->path)) != saved.sha256) return false;
  const auto engine = workspace.direct.engine;
  return is_reversible(load_migration(workspace.format, *file, engine), engine) == saved.is_reversible;
}

bool is_backup_as_saved(const View& env, const Workspace& workspace, const SavedProgress& saved) {
  if (!saved.backup) return true;
  if (!is_own_backup(env, workspace, saved.backup->path)) return false;
  // A later job may run where the file never was.
  const auto found = find_backup(saved.backup->path);
  return !found || found->sha256 == saved.backup->sha256;
}

bool is_same_work(const View& env, const Workspace& workspace, const Handoff& ended) {
  return ended.standalone == env.is_standalone() && is_of(ended, workspace) &&
         ended.state["files_sha256"].string_or("") == digest_of(workspace.files);
}

}  // namespace

bool has_ended(const Handoff& handoff) {
  return handoff.verdict == Verdict::proceed || handoff.verdict == Verdict::caution;
}

void take_over(Attempt& attempt, const std::set<std::string>& applied) {
  const auto& workspace = attempt.workspace;
  if (!attempt.env.resumed || !is_of(*attempt.env.resumed, workspace)) return;
  const SavedProgress saved = saved_progress(attempt.env.resumed->state);
  attempt.earlier_backup = saved.backup;
  std::set<std::string> named;
  for (AppliedMigration migration : saved.applied) {
    if (!applied.contains(migration.version) || !named.insert(migration.version).second) continue;
    migration.is_reversible = migration.is_reversible && is_as_saved(workspace, migration);
    attempt.progress.applied.push_back(std::move(migration));
  }
  for (const auto& file : workspace.files) {
    // A killed run may have committed a migration and not lived to say so.
    if (!saved.pending.contains(file.version) || !applied.contains(file.version) || named.contains(file.version))
      continue;
    const Migration migration = load_migration(workspace.format, file, attempt.engine());
    attempt.progress.applied.push_back(attempt.entry_of(migration, std::nullopt));
  }
}

bool still_stands(const View& env, const Handoff& ended) {
  if (!has_ended(ended)) return false;
  const Workspace workspace = find_workspace(env);
  if (!is_same_work(env, workspace, ended)) return false;
  const SavedProgress saved = saved_progress(ended.state);
  const auto applied = read_history(env, workspace);
  return pending_of(workspace.files, applied).empty() &&
         std::ranges::all_of(saved.applied, [&](const auto& each) { return is_as_saved(workspace, each); }) &&
         is_backup_as_saved(env, workspace, saved);
}

}  // namespace baton::migrate
