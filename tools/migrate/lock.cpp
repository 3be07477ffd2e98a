// An advisory lock, polled and never blocked on, so that a wait can be told and ended.
#include "tools/migrate/lock.h"

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::migrate {
namespace {

using database::Database;
using database::Engine;

constexpr std::string_view kKey = "422541815662";  ///< "baton" as a number: the letters' bytes
constexpr Duration kPoll = std::chrono::milliseconds(250);

bool try_lock(Database& database) {
  const auto rows = database.query("select pg_try_advisory_lock($1::bigint)", {std::string(kKey)});
  return rows.rows.at(0).at(0) == "t";
}

std::string holder(Database& database) {
  const auto rows = database.query(
      "select a.pid, a.usename, coalesce(host(a.client_addr), 'a local socket'), "
      "to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') "
      "from pg_locks l join pg_stat_activity a on a.pid = l.pid where l.locktype = 'advisory' and l.granted "
      "and l.database = (select oid from pg_database where datname = current_database()) "
      "and ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint and l.objsubid = 1",
      {std::string(kKey)});
  if (rows.rows.empty()) return "a run that has just ended";
  const auto& row = rows.rows.front();
  return "server process " + row[0].value_or("?") + " of user '" + printable(row[1].value_or("?")) + "' from " +
         row[2].value_or("?") + ", connected since " + row[3].value_or("?") + " UTC";
}

}  // namespace

std::optional<std::string> take_lock(Database& database, Engine engine, const Patience& patience, Duration limit) {
  if (engine == Engine::sqlite) return std::nullopt;
  Wait wait(patience, "another migration run", limit);
  while (!try_lock(database)) {
    const std::string who = holder(database);
    if (wait.is_over()) return who;
    if (!wait.pause_unless_stopped(kPoll, who)) {
      throw Error(ExitCode::interrupted, "stopped while waiting for another migration run: " + who,
                  "Run this step again.");
    }
  }
  return std::nullopt;
}

}  // namespace baton::migrate
