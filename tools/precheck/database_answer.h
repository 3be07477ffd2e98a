// How a database answered, and whether a release may rely on it.
#pragma once

#include <string>

#include "common/clients/database/address.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

inline constexpr Duration kMostToConnect = std::chrono::seconds(5);
inline constexpr Duration kMostToAnswer = std::chrono::seconds(1);

struct DatabaseAnswer {
  std::string server = {};  ///< "PostgreSQL 15.4"
  bool is_right = false;    ///< SELECT 1 gave 1
  bool is_standby = false;  ///< it follows another server, and takes no writes
  bool is_read_only = false;
  Duration connected_in{0};
  Duration answered_in{0};
};

/// Asks SELECT 1 on a connection of its own. Throws Error{unknown} where it cannot connect, StatementError where the
/// server does not answer within ten seconds.
DatabaseAnswer ask_database(const Look& look, const database::Address& address);
/// Fails past either limit, on a wrong answer, and where nothing can be written.
Observation judged(const DatabaseAnswer& answer);

}  // namespace baton::precheck
