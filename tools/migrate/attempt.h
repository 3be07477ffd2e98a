// One run of `up`: what it works on and how far it has come.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "tools/migrate/progress.h"
#include "tools/migrate/workspace.h"

namespace baton::migrate {

struct Attempt {
  Env& env;
  Workspace workspace;
  /// The connection that works; none in a dry run without a file, which makes none.
  std::unique_ptr<database::Database> database = {};
  Progress progress = {};
  std::string files_sha256 = {};
  std::optional<Backup> earlier_backup = {};  ///< that an earlier run names; nobody has looked for it yet
  bool has_written = false;                   ///< the database, or a backup

  database::Engine engine() const { return workspace.direct.engine; }
  /// Over the connection that works.
  std::set<std::string> read_history() const;
  /// Sets what is pending to the files that `applied` lacks, each read and checked.
  void load_pending(const std::set<std::string>& applied);
  /// Nothing as the duration: a killed run had applied it.
  AppliedMigration entry_of(const Migration& migration, std::optional<Duration> duration) const;

  Json state() const;
  void save() const { env.save_state(state()); }
  /// A line of the deployment log that begins with `start`: once a deployment, also when it is resumed.
  void log_once(const std::string& start, const std::string& rest = {}) const;
};

}  // namespace baton::migrate
