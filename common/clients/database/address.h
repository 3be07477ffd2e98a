// Where a database is, by the URLs that dbmate and libpq know.
#pragma once

#include <string>
#include <string_view>

namespace baton::database {

enum class Engine { sqlite, postgresql };

struct Address {
  Engine engine = Engine::sqlite;
  std::string url;          ///< as given; secret
  std::string identity;     ///< "postgresql://host:port/name", or the absolute path of an SQLite file; no secret
  std::string path = {};    ///< of an SQLite file, as given
  std::string name = {};    ///< database name
  std::string origin = {};  ///< which setting named it, for errors: "database.url, baton.yaml:3:24"
};
/// postgresql:// postgres:// sqlite: sqlite3: ; mysql:// is refused by name. PostgreSQL's may hold `search_path`, as
/// dbmate takes it. Throws Error{usage}.
Address parse_address(std::string_view url, std::string origin = {});

}  // namespace baton::database
