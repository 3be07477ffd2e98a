// What libpq says of a failure, made fit to print.
#pragma once

#include <string>
#include <string_view>

#include "common/clients/database/database.h"

namespace baton::database {

std::string first_line(std::string_view text);

/// `message` is libpq's, of a connection that did not come about.
Error unreachable_server(const Address& address, std::string_view message);
/// Likewise, of one that ended; what became of an unfinished transaction is not known.
StatementError lost_connection(std::string_view message);

}  // namespace baton::database
