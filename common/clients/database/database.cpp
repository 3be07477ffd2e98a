// Picks the engine, and says what its error codes mean.
#include "common/clients/database/database.h"

#include "common/clients/database/postgresql/connection.h"
#include "common/clients/database/sqlite/connection.h"
#include "common/core/text.h"

namespace baton::database {
namespace {

constexpr std::string_view kQueryCancelled = "57014";
constexpr std::string_view kSqliteInterrupt = "9";
constexpr std::string_view kConnectionFailure = "08006";

}  // namespace

bool StatementError::is_cancelled() const { return sqlstate_ == kQueryCancelled || sqlstate_ == kSqliteInterrupt; }

bool StatementError::has_lost_connection() const { return sqlstate_ == kConnectionFailure; }

std::string quoted_name(std::string_view name) { return '"' + replace_all(name, "\"", "\"\"") + '"'; }

std::unique_ptr<Database> connect(const Address& address, Duration timeout, IfMissing if_missing) {
  switch (address.engine) {
    case Engine::sqlite:
      return open_sqlite(address, timeout, if_missing);
    case Engine::postgresql:
      return open_postgresql(address, timeout);
  }
  throw Error(ExitCode::error, "an address has no engine");
}

}  // namespace baton::database
