// What a migrate step has done and still has to do: its state in the handoff, and what a killed run is resumed from.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "tools/migrate/backup/backup.h"
#include "tools/migrate/folder.h"

namespace baton::migrate {

struct AppliedMigration {
  std::string version;
  std::string file;
  std::string sha256;
  std::optional<Duration> duration = {};  ///< nothing: a killed run had applied it
  bool is_reversible = false;             ///< its way down has at least one statement; not that it was proved
};

struct Progress {
  std::vector<AppliedMigration> applied = {};  ///< by this deployment, in order
  std::vector<Migration> pending = {};
  std::optional<Backup> backup = {};
  bool was_empty = false;        ///< a database without a table had nothing to back up
  bool wants_backup = true;      ///< migrate.backup
  bool is_in_workspace = false;  ///< the backup: a CI host cleans that up at the latest for the next job
  bool has_looked = false;       ///< `pending` is what the history lacks

  bool is_reversible() const;
  /// `made` knows the file; when it was begun was planned before.
  void keep_backup(Backup made);
};

bool is_reversible(const Migration& migration, database::Engine engine);
Json to_json(const Progress& progress, std::string_view format, std::string_view identity);

/// What a killed or stopped run of this deployment left in its state.
struct SavedProgress {
  std::vector<AppliedMigration> applied = {};
  std::set<std::string> pending = {};  ///< versions
  std::optional<Backup> backup = {};
};
/// Throws Error{handoff} on a state that this tool cannot have written.
SavedProgress saved_progress(const Json& state);

}  // namespace baton::migrate
