// Opens an SQLite file through Poco, and asks SQLite what went wrong.
#include "common/clients/database/sqlite/session.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <sqlite3.h>

#include <limits>
#include <mutex>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::database {
namespace {

using Poco::Data::SQLite::Connector;
using Poco::Data::SQLite::Utility;

constexpr int kLongestWait = std::numeric_limits<int>::max();  ///< milliseconds

/// "Cannot open database file: unable to open database file" → SQLite's own words.
std::string cause_of(const Poco::Exception& fault) {
  const std::string& text = fault.message();
  const auto colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

}  // namespace

Poco::Data::Session open_session(const std::string& path) {
  static std::once_flag registered;
  std::call_once(registered, Connector::registerConnector);
  // Escaped whole, as a path may hold '?'. Not mode=ro: a read would then fail on what a killed writer left behind,
  // where SQLite otherwise puts the file in order first.
  const std::string uri = "file:" + percent_encode(path) + "?mode=rw";
  try {
    // Poco tries an open that fails again and again for that many seconds.
    return {Connector::KEY, uri, /*timeout=*/0};
  } catch (const Poco::Exception& fault) {
    throw StatementError(std::to_string(SQLITE_CANTOPEN), printable(cause_of(fault)));
  }
}

void set_patience(Poco::Data::Session& session, Duration patience) {
  const auto wait = static_cast<int>(std::min<Duration::rep>(patience.count(), kLongestWait));
  sqlite3_busy_timeout(Utility::dbHandle(session), wait);
}

StatementError session_failure(Poco::Data::Session& session, const Poco::Exception& fault) {
  sqlite3* handle = Utility::dbHandle(session);
  const int code = sqlite3_extended_errcode(handle);
  const bool is_engines = code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE;
  return {std::to_string(code), printable(is_engines ? sqlite3_errmsg(handle) : fault.displayText())};
}

}  // namespace baton::database
