// Shortens libpq's messages, and leaves the password out.
#include "common/clients/database/postgresql/failure.h"

#include "common/clients/database/postgresql/settings.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"

namespace baton::database {
namespace {

/// libpq says 'connection to server at "…", port 5432 failed: Connection refused\n\tIs the server running …'; the cause
/// is "connection refused".
std::string connect_cause(std::string_view message) {
  std::string cause = first_line(message);
  for (const std::string_view before : {"failed: ", "FATAL:  "}) {
    if (const auto at = cause.find(before); at != std::string::npos) cause.erase(0, at + before.size());
  }
  if (cause.empty()) return "no answer";
  return to_lower(cause.substr(0, 1)) + printable(cause.substr(1));
}

}  // namespace

std::string first_line(std::string_view text) { return std::string(trim(text.substr(0, text.find('\n')))); }

Error unreachable_server(const Address& address, std::string_view message) {
  return {ExitCode::unknown,
          "cannot reach the database '" + redact(address.url) + "'" + in_brackets(address.origin) + ": " +
              connect_cause(without_secrets(message, address)),
          "Start the database or correct its URL (database.url)."};
}

StatementError lost_connection(std::string_view message) {
  return {"08006", "the connection to the database was lost: " + printable(first_line(message))};
}

}  // namespace baton::database
