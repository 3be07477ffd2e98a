// pg_dump and its kin take a connection text; the password goes past it.
#include "common/clients/database/postgresql/program.h"

#include "common/clients/database/postgresql/settings.h"

namespace baton::database {

ProgramConnection program_connection(const Address& address) {
  auto settings = Settings::parse(address.url);
  settings.complete();
  ProgramConnection connection;
  if (const auto password = settings.value("password"); !password.empty()) {
    connection.environment["PGPASSWORD"] = password;
    settings.erase("password");
  }
  for (const auto& [keyword, value] : settings.all()) {
    connection.text.append(connection.text.empty() ? "" : " ").append(setting_text(keyword, value));
  }
  return connection;
}

}  // namespace baton::database
