// dbmate's table schema_migrations, one row a version, so that dbmate itself goes on working.
#include "tools/migrate/formats/dbmate.h"

namespace baton::migrate {
namespace {

using database::Database;
using database::Engine;

std::string table(Database& database, Engine engine) { return dbmate_table(over(database), engine); }

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

const History dbmate_history{.read = dbmate_applied, .prepare = prepare, .add = add, .remove = remove, .table = table};

}  // namespace baton::migrate
