// A migration format is a value: how its files are read and where it remembers what was applied.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/step/migration_history.h"

namespace baton::migrate {

/// A piece of SQL and where it stands in its file.
struct Script {
  std::string sql;
  int line = 1;                  ///< of the file, where `sql` begins
  bool is_transactional = true;  ///< the file does not ask to be run without a transaction
};

struct Migration {
  std::string version;
  std::string file;  ///< for messages and the record: "db/migrations/20250101_users.sql"
  std::string sha256 = {};
  std::vector<Script> up;    ///< in the order to run
  std::vector<Script> down;  ///< likewise
};

/// What the database remembers. A table of another tool under the same name is Error{usage}.
struct History {
  /// Nothing is made; no table: nothing was applied.
  std::set<std::string> (*read)(const Ask& ask, database::Engine engine);
  void (*prepare)(database::Database& database, database::Engine engine);
  void (*add)(database::Database& database, const std::string& table, const std::string& version);
  void (*remove)(database::Database& database, const std::string& table, const std::string& version);
  /// The table's name, quoted and with its schema: a migration may change the search path.
  std::string (*table)(database::Database& database, database::Engine engine);
};

struct Format {
  std::string_view name;
  /// The version that a file name carries; nothing when the file is no migration.
  std::optional<std::string> (*version_of)(std::string_view file_name);
  /// Fills up and down. Throws Error{usage} "FILE:LINE: …".
  Migration (*parse)(std::string_view text, const std::string& file);
  const History& history;
};

extern const Format dbmate;

}  // namespace baton::migrate
