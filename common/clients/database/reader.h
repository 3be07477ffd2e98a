// Reads over a session that changes nothing, through Poco::Data.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/clients/database/address.h"
#include "common/core/time.h"

namespace baton::database {

struct ReadSession;  // common/clients/database/read_session.h

/// A connection of its own that sees what others have committed, and changes nothing. Meant to be short: PostgreSQL
/// keeps the tables that were read from being altered as long as it lives.
class Reader {
 public:
  /// Throws Error{unknown} as connect() does, also for an SQLite file that is not there. SQLite: `timeout` is also how
  /// long a read waits for another program's lock.
  Reader(const Address& address, Duration timeout);
  ~Reader();

  /// The first column of one query's rows; NULL reads as "". Placeholders are $1, $2, …; give text columns only: what
  /// else a column holds is cast in the query. Throws StatementError.
  std::vector<std::string> column(const std::string& sql, std::vector<std::string> parameters = {});

 private:
  std::unique_ptr<ReadSession> session_;
};

}  // namespace baton::database
