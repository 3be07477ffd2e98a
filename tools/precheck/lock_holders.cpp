// Asks PostgreSQL for its sessions and their locks.
#include "tools/precheck/lock_holders.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/clients/database/database.h"
#include "common/core/number.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::precheck {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(10);
constexpr std::size_t kNamed = 3;

// What a role may not see of others' sessions is NULL, and their query this text.
constexpr std::string_view kSessions = R"(
SELECT pid::text, application_name, state, (query = '<insufficient privilege>')::text,
       extract(epoch FROM clock_timestamp() - xact_start)::text
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND (backend_type = 'client backend' OR query = '<insufficient privilege>')
UNION ALL
SELECT '', gid, 'prepared', 'false', extract(epoch FROM clock_timestamp() - prepared)::text
FROM pg_prepared_xacts WHERE database = current_database())";

constexpr std::string_view kLocks = R"(
SELECT coalesce(l.pid::text, ''), n.nspname::text, c.relname::text, l.mode
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.locktype = 'relation' AND l.granted AND c.relkind IN ('r', 'p', 'm')
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (l.pid IS NULL OR l.pid <> pg_backend_pid())
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'
LIMIT 10000)";

std::string text(const database::Row& row, std::size_t column) { return row.at(column).value_or(""); }

Duration seconds(const std::string& decimal) {
  const auto number = parse_decimal(decimal);
  return number ? std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*number)) : Duration{0};
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// "psql (pid 42), 5 s in a transaction".
std::string text_of(const Session& session) {
  const auto name = session.application.empty() ? "a client" : "'" + printable(session.application, 60) + "'";
  if (session.pid.empty()) return fmt::format("the prepared transaction {}, {} old", name, to_words(session.at_work));
  return fmt::format("{} (pid {}), {}, {} at work", name, session.pid,
                     session.state.empty() ? "hidden" : printable(session.state, 40), to_words(session.at_work));
}

/// What stands in the way, and what only takes long.
struct Found {
  std::vector<std::string> blocking = {};
  std::vector<std::string> slow = {};
  std::size_t hidden = 0;
  Duration longest{0};

  void add(const Session& session, std::string_view sql, Duration max_lock) {
    longest = std::max(longest, session.at_work);
    hidden += session.is_hidden ? 1 : 0;
    if (session.at_work <= max_lock) return;
    for (const auto& table : session.tables) {
      const auto said = fmt::format("{} has locked {}.{} ({})", text_of(session), printable(table.schema, 60),
                                    printable(table.name, 60), printable(table.mode, 40));
      if (names_table(sql, table.name)) return blocking.push_back(said);
      if (table.mode == "AccessExclusiveLock") return slow.push_back(said);
    }
    if (session.at_work > kMostAtWork) slow.push_back(text_of(session));
  }
};

std::string few(std::vector<std::string> all) {
  const auto more = all.size() - std::min(all.size(), kNamed);
  all.resize(all.size() - more);
  return join(all, "; ") + (more == 0 ? "" : fmt::format("; and {} more", more));
}

}  // namespace

Sessions sessions_of(const database::Address& address) {
  const auto connection = database::connect(address, kTimeout);
  connection->execute(fmt::format("BEGIN; SET LOCAL statement_timeout = {}", kTimeout.count()));
  Sessions found{.role = text(connection->query("SELECT current_user::text").rows.at(0), 0)};
  for (const auto& row : connection->query(kSessions).rows) {
    found.sessions.push_back({.pid = text(row, 0),
                              .application = text(row, 1),
                              .state = text(row, 2),
                              .is_hidden = text(row, 3) == "true",
                              .at_work = seconds(text(row, 4))});
  }
  for (const auto& row : connection->query(kLocks).rows) {
    const auto holder = std::ranges::find(found.sessions, text(row, 0), &Session::pid);
    if (holder != found.sessions.end())
      holder->tables.push_back({.schema = text(row, 1), .name = text(row, 2), .mode = text(row, 3)});
  }
  connection->execute("ROLLBACK");
  return found;
}

bool names_table(std::string_view sql, std::string_view table) {
  if (table.empty()) return false;
  const auto hay = to_lower(sql);
  const auto needle = to_lower(table);
  for (auto at = hay.find(needle); at != std::string::npos; at = hay.find(needle, at + 1)) {
    const auto end = at + needle.size();
    if ((at == 0 || !is_word(hay[at - 1])) && (end == hay.size() || !is_word(hay[end]))) return true;
  }
  return false;
}

Observation judged(const Sessions& sessions, std::string_view sql, Duration max_lock) {
  Found found;
  for (const auto& session : sessions.sessions) found.add(session, sql, max_lock);
  const auto others = count_text(static_cast<long long>(sessions.sessions.size()), "other session");
  Observation seen{.observed = Measured(to_words(found.longest))};
  if (!found.blocking.empty()) {
    seen.outcome = Outcome::fail;
    seen.message = few(found.blocking);
    seen.recovery = {"Wait until it has ended, or end it: SELECT pg_terminate_backend(PID)."};
  } else if (found.hidden > 0) {
    seen.message = fmt::format("of {} of {} the role '{}' may not see what they do", found.hidden, others,
                               printable(sessions.role, 60));
    seen.recovery = {fmt::format("GRANT pg_read_all_stats TO {};", database::quoted_name(sessions.role))};
  } else if (!found.slow.empty()) {
    seen.outcome = Outcome::warn;
    seen.message = few(found.slow);
    seen.recovery = {"Look whether it will be over before the migration begins."};
  } else {
    seen.outcome = Outcome::pass;
    seen.message = fmt::format("{}, {} at work at most", others, to_words(found.longest));
  }
  return seen;
}

}  // namespace baton::precheck
