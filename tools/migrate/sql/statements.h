// Where the statements of an SQL text begin and end, as far as positions and transaction words need it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/clients/database/database.h"

namespace baton::migrate {

/// Each statement from its first word to before its semicolon, as views into `sql`. Quotes, dollar quotes, comments,
/// trigger bodies and BEGIN ATOMIC bodies are skipped over; an unfinished one reaches to the end.
std::vector<std::string_view> split_statements(std::string_view sql, database::Engine engine);

/// Whether it would begin or end a transaction of its own: BEGIN, START, COMMIT, END, ROLLBACK and ABORT but not
/// ROLLBACK TO, PREPARE TRANSACTION.
bool controls_transaction(std::string_view statement);

}  // namespace baton::migrate
