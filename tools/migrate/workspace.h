// What a verb works on: the database that the configuration names and the folder beside it.
#pragma once

#include <memory>

#include "common/clients/database/database.h"
#include "common/step/env.h"
#include "tools/migrate/folder.h"

namespace baton::migrate {

struct Workspace {
  const Format& format;
  database::Address address;  ///< whose identity is handed on
  database::Address direct;   ///< past a pooler, where one is configured; the connection that works
  std::vector<MigrationFile> files;

  /// A standalone run makes the SQLite file, as dbmate does.
  bool is_missing_file() const;
};

/// Throws Error{usage} where no database is configured or the folder is no good.
Workspace find_workspace(const View& env);
std::unique_ptr<database::Database> connect(const View& env, const Workspace& workspace);
/// The versions that are applied, over a session that can only read. None of a file that is not there and that a
/// standalone run would make.
std::set<std::string> look_at_history(const View& env, const Workspace& workspace);

/// A wait of this run.
Patience patience_of(const View& env);

/// The database, and the files' digest as the subject: a handoff before may know a better one.
Identity identify(const View& env);

}  // namespace baton::migrate
