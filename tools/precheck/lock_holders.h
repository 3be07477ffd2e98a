// Who is at work in the database now, and whether a migration would wait for him.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/check.h"
#include "tools/precheck/pending_migrations.h"

namespace baton::precheck {

inline constexpr Duration kMostAtWork = std::chrono::seconds(60);  ///< decisions 14

struct LockedTable {
  std::string schema;
  std::string name;
  std::string mode;  ///< "AccessExclusiveLock"
};

/// Another session of that database, or a prepared transaction.
struct Session {
  std::string pid;          ///< empty: a prepared transaction
  std::string application;  ///< as it calls itself
  std::string state = {};   ///< "active", "idle in transaction"
  bool is_hidden = false;   ///< our role may not see since when it is at work
  Duration at_work{0};      ///< since its transaction began; 0: it has none
  std::vector<LockedTable> tables = {};
};

struct Sessions {
  std::string role = {};  ///< who looked
  std::vector<Session> sessions = {};
};

/// Of PostgreSQL. Throws Error{unknown} where it cannot connect, StatementError where it is refused.
Sessions sessions_of(const database::Address& address);

/// Whether a word of `sql` is that name, whatever its case.
bool names_table(std::string_view sql, std::string_view table);

/// Fails where a table that `sql` names is locked by a transaction that is older than `max_lock`: since when it holds
/// the lock no server tells, and that it may be as old. Warns of other tables locked against readers so long, and of
/// whoever is at work longer than kMostAtWork. Unknown where nothing is wrong and somebody could not be seen.
Observation judged(const Sessions& sessions, std::string_view sql, Duration max_lock);

}  // namespace baton::precheck
