// Opens an SQLite file as it is, and forbids every statement that would change it.
#include "common/clients/database/sqlite/read_session.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>

#include <limits>
#include <mutex>

#include "common/clients/database/sqlite/handle.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::database {
namespace {

using Poco::Data::SQLite::Connector;
using Poco::Data::SQLite::Utility;

constexpr int kLongestWait = std::numeric_limits<int>::max();  ///< milliseconds

StatementError failure(Poco::Data::Session& session, const Poco::Exception& fault) {
  sqlite3* handle = Utility::dbHandle(session);
  const int code = sqlite3_extended_errcode(handle);
  const bool is_engines = code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE;
  return {std::to_string(code), printable(is_engines ? sqlite3_errmsg(handle) : fault.displayText())};
}

/// "Cannot open database file: unable to open database file" → SQLite's own words.
std::string cause_of(const Poco::Exception& fault) {
  const std::string& text = fault.message();
  const auto colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

Poco::Data::Session open(const Address& address) {
  static std::once_flag registered;
  std::call_once(registered, Connector::registerConnector);
  // Escaped whole, as a path may hold '?'. Not mode=ro: a read would then fail on what a killed writer left behind,
  // where SQLite otherwise puts the file in order first.
  const std::string uri = "file:" + percent_encode(address.path) + "?mode=rw";
  try {
    // Poco tries an open that fails again and again for that many seconds.
    return {Connector::KEY, uri, /*timeout=*/0};
  } catch (const Poco::Exception& fault) {
    throw unreachable_file(address, cause_of(fault));
  }
}

}  // namespace

ReadSession read_sqlite(const Address& address, Duration timeout) {
  ReadSession reading{.session = open(address), .failure = failure};
  sqlite3* handle = Utility::dbHandle(reading.session);
  prepare_handle(handle, address);
  sqlite3_exec(handle, "pragma query_only = 1", nullptr, nullptr, nullptr);
  sqlite3_busy_timeout(handle, static_cast<int>(std::min<Duration::rep>(timeout.count(), kLongestWait)));
  return reading;
}

}  // namespace baton::database
