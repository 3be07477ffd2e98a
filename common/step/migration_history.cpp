// Reads dbmate's table, over whatever connection there is.
#include "common/step/migration_history.h"

#include <algorithm>

#include "common/core/text.h"

namespace baton {
namespace {

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

}  // namespace

Ask over(database::Database& database) {
  return [&database](const std::string& sql, const std::vector<std::string>& parameters) {
    std::vector<std::string> values;
    for (const auto& row : database.query(sql, {parameters.begin(), parameters.end()}).rows) {
      values.push_back(row.at(0).value_or(""));
    }
    return values;
  };
}

Ask over(database::Reader& reader) {
  return [&reader](const std::string& sql, const std::vector<std::string>& parameters) {
    return reader.column(sql, parameters);
  };
}

std::string dbmate_table(const Ask& ask, Engine engine) {
  return engine == Engine::sqlite ? std::string(kTable) : quoted_name(schema_of(ask)) + "." + std::string(kTable);
}

std::set<std::string> dbmate_applied(const Ask& ask, Engine engine) {
  const auto names = columns(ask, engine);
  if (names.empty()) return {};
  const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
  if (!has("version") || has("dirty")) {
    throw Error(
        ExitCode::usage,
        std::string("the database's table schema_migrations is not dbmate's: it has the columns ") + join(names, ", "),
        "Use the tool that made the table, or point database.migrations at its own database.");
  }
  const auto versions = ask("select cast(version as text) from " + dbmate_table(ask, engine), {});
  return {versions.begin(), versions.end()};
}

}  // namespace baton
