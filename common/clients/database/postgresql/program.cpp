// pg_dump and its kin take a connection text; the password goes past it.
#include "common/clients/database/postgresql/program.h"

#include "common/clients/database/postgresql/settings.h"
#include "common/core/error.h"

namespace baton::database {
namespace {

constexpr std::string_view kService = "baton";

/// One setting a line, taken as it stands up to the line's end.
std::string service_file(const Settings& settings, const std::string& password) {
  if (!settings.value("service").empty() || password.find_first_of("\r\n") != std::string::npos) {
    throw Error(ExitCode::usage, "the database URL's sslpassword cannot be handed to pg_dump beside a service",
                "Leave service out of the URL, and line breaks out of the password.");
  }
  return "[" + std::string(kService) + "]\nsslpassword=" + password + "\n";
}

}  // namespace

ProgramConnection program_connection(const Address& address) {
  auto settings = Settings::parse(address.url);
  settings.complete();
  ProgramConnection connection;
  if (const auto password = settings.value("password"); !password.empty()) {
    connection.environment["PGPASSWORD"] = password;
    settings.erase("password");
  }
  if (const auto password = settings.value("sslpassword"); !password.empty()) {
    connection.service_file = service_file(settings, password);
    settings.erase("sslpassword");
    settings.set("service", std::string(kService));
  }
  for (const auto& [keyword, value] : settings.all()) {
    connection.text.append(connection.text.empty() ? "" : " ").append(setting_text(keyword, value));
  }
  return connection;
}

}  // namespace baton::database
