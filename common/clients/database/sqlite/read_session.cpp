// Opens an SQLite file as it is, and forbids every statement that would change it.
#include "common/clients/database/sqlite/read_session.h"

#include <Poco/Data/SQLite/Utility.h>

#include "common/clients/database/sqlite/handle.h"
#include "common/clients/database/sqlite/session.h"

namespace baton::database {
namespace {

Poco::Data::Session open(const Address& address) {
  try {
    return open_session(address.path);
  } catch (const StatementError& failure) {
    throw unreachable_file(address, failure.what());
  }
}

}  // namespace

ReadSession read_sqlite(const Address& address, Duration timeout) {
  ReadSession reading{.session = open(address), .failure = session_failure};
  sqlite3* handle = Poco::Data::SQLite::Utility::dbHandle(reading.session);
  prepare_handle(handle, address);
  sqlite3_exec(handle, "pragma query_only = 1", nullptr, nullptr, nullptr);
  set_patience(reading.session, timeout);
  return reading;
}

}  // namespace baton::database
