// dbmate's table schema_migrations, one row a version, so that dbmate itself goes on working.
#include <algorithm>

#include "common/core/text.h"
#include "tools/migrate/formats/dbmate.h"

namespace baton::migrate {
namespace {

using database::Database;
using database::Engine;
using database::quoted_name;

constexpr std::string_view kTable = "schema_migrations";

/// dbmate's choice: the first schema of the search path that exists.
std::string schema_of(const Ask& ask) {
  const auto schemas = ask("select current_schema()::text", {});
  if (schemas.empty() || schemas[0].empty()) {
    throw Error(ExitCode::usage,
                "no schema of the database's search path exists, so there is no place for schema_migrations",
                "Create the schema, or correct search_path in the database's URL.");
  }
  return schemas[0];
}

std::vector<std::string> columns(const Ask& ask, Engine engine) {
  switch (engine) {
    case Engine::sqlite:
      return ask("select name from pragma_table_info($1)", {std::string(kTable)});
    case Engine::postgresql:
      return ask(
          "select attname::text from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on "
          "n.oid = relnamespace "
          "where n.nspname = $1 and c.relname = $2 and attnum > 0 and not attisdropped",
          {schema_of(ask), std::string(kTable)});
  }
  return {};
}

std::string table_name(const Ask& ask, Engine engine) {
  return engine == Engine::sqlite ? std::string(kTable) : quoted_name(schema_of(ask)) + "." + std::string(kTable);
}

std::set<std::string> read(const Ask& ask, Engine engine) {
  const auto names = columns(ask, engine);
  if (names.empty()) return {};
  const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
  if (!has("version") || has("dirty")) {
    throw Error(
        ExitCode::usage,
        std::string("the database's table schema_migrations is not dbmate's: it has the columns ") + join(names, ", "),
        "Use the tool that made the table, or point database.migrations at its own database.");
  }
  const auto versions = ask("select cast(version as text) from " + table_name(ask, engine), {});
  return {versions.begin(), versions.end()};
}

std::string table(Database& database, Engine engine) { return table_name(over(database), engine); }

void prepare(Database& database, Engine engine) {
  const std::string type = engine == Engine::sqlite ? "varchar(128)" : "varchar";
  database.execute("create table if not exists " + table(database, engine) + " (version " + type + " primary key)");
}

void add(Database& database, const std::string& table_name, const std::string& version) {
  database.query("insert into " + table_name + " (version) values ($1)", {version});
}

void remove(Database& database, const std::string& table_name, const std::string& version) {
  database.query("delete from " + table_name + " where version = $1", {version});
}

}  // namespace

const History dbmate_history{.read = read, .prepare = prepare, .add = add, .remove = remove, .table = table};

}  // namespace baton::migrate
