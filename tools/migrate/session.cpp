// DISCARD ALL would do for PostgreSQL, but it would let go of the advisory lock too.
#include "tools/migrate/session.h"

namespace baton::migrate {
namespace {

using database::Database;
using database::Engine;
using database::quoted_name;

constexpr std::string_view kOwnUser = "reset session authorization; reset role; reset all";
constexpr std::string_view kLeftovers = "close all; deallocate all; unlisten *; discard temp; discard sequences";
/// Of SQLite's pragmas those that change what later statements do; foreign_keys cannot change in a transaction.
constexpr std::string_view kPragmas =
    "pragma legacy_alter_table = 0; pragma ignore_check_constraints = 0; pragma recursive_triggers = 0; "
    "pragma case_sensitive_like = 0; pragma writable_schema = 0; pragma query_only = 0";

void clean_sqlite(Database& database) {
  const auto made = database.query(
      "select type, name from temp.sqlite_master where type in ('table', 'view', 'trigger') and name not like "
      "'sqlite!_%' "
      "escape '!' order by type = 'table'");
  for (const auto& row : made.rows) {
    database.execute("drop " + row[0].value_or("") + " if exists temp." + quoted_name(row[1].value_or("")));
  }
  const auto attached = database.query("select name from pragma_database_list where name not in ('main', 'temp')");
  for (const auto& row : attached.rows) database.execute("detach " + quoted_name(row[0].value_or("")));
  database.execute(kPragmas);
}

}  // namespace

void clean_session(Database& database, Engine engine) {
  switch (engine) {
    case Engine::sqlite:
      return clean_sqlite(database);
    case Engine::postgresql:
      database.execute(kOwnUser);
      return database.execute(kLeftovers);
  }
}

void return_to_own_user(Database& database, Engine engine) {
  if (engine == Engine::postgresql) database.execute(kOwnUser);
}

}  // namespace baton::migrate
