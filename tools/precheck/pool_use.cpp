// Counts connections.
#include "tools/precheck/pool_use.h"

#include <fmt/format.h>

#include <charconv>

#include "common/clients/database/database.h"
#include "common/core/printable.h"

namespace baton::precheck {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(10);

// Of others' sessions a role without pg_read_all_stats sees neither kind nor query, but that they are there.
constexpr std::string_view kQuery = R"(
WITH clients AS (
  SELECT datname, usename FROM pg_stat_activity
  WHERE pid <> pg_backend_pid()
    AND (backend_type = 'client backend' OR (query = '<insufficient privilege>' AND datname IS NOT NULL)))
SELECT 'the server', '',
       (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0))::text,
       (SELECT count(*) FROM clients)::text
UNION ALL
SELECT 'the database', datname::text, datconnlimit::text,
       (SELECT count(*) FROM clients c WHERE c.datname = d.datname)::text
FROM pg_database d WHERE datname = current_database() AND datconnlimit >= 0
UNION ALL
SELECT 'the role', rolname::text, rolconnlimit::text,
       (SELECT count(*) FROM clients c WHERE c.usename = r.rolname)::text
FROM pg_roles r WHERE rolname = current_user AND rolconnlimit >= 0 AND NOT rolsuper)";

long long whole(const database::Cell& cell) {
  long long number = 0;
  const auto text = cell.value_or("");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    throw Error(ExitCode::unknown, "the database counts its connections as '" + printable(text, 40) + "'");
  return number;
}

double share(const PoolLimit& limit, long long more) {
  // Where nobody may connect at all, everything is taken.
  return limit.most <= 0 ? 101 : 100 * static_cast<double>(limit.used + more) / static_cast<double>(limit.most);
}

}  // namespace

std::vector<PoolLimit> pool_limits(const database::Address& address) {
  const auto connection = database::connect(address, kTimeout);
  std::vector<PoolLimit> limits;
  for (const auto& row : connection->query(kQuery).rows) {
    const auto name = row.at(1).value_or("");
    limits.push_back({.of = row.at(0).value_or("") + (name.empty() ? "" : " '" + printable(name, 60) + "'"),
                      .most = whole(row.at(2)),
                      .used = whole(row.at(3))});
  }
  return limits;
}

Observation judged(const std::vector<PoolLimit>& limits, const std::optional<NextPods>& next, double most_percent) {
  const long long more = next ? next->pods * next->pool : 0;
  const PoolLimit* tightest = nullptr;
  for (const auto& limit : limits) {
    if (tightest == nullptr || share(limit, more) > share(*tightest, more)) tightest = &limit;
  }
  if (tightest == nullptr) return {.message = "the database names no limit of its connections"};
  const double used = share(*tightest, more);
  Observation seen{.outcome = used > 100 ? Outcome::fail : Outcome::warn, .observed = Measured(used, "%")};
  if (used <= most_percent && next) seen.outcome = Outcome::pass;
  seen.message = fmt::format("{} of {} connections of {} are open", tightest->used, tightest->most, tightest->of);
  if (next) {
    seen.message += fmt::format("; {} more pods of {} each make that {}", next->pods, next->pool, seen.observed.text());
    seen.recovery = {"Let each pod open fewer connections, raise the limit, or put a pooler before the server."};
  } else {
    seen.message += "; what the next colour adds is not known";
    seen.recovery = {"Set precheck.capacity.pool to the connections that one pod opens at most."};
  }
  if (seen.outcome == Outcome::pass) seen.recovery.clear();
  return seen;
}

}  // namespace baton::precheck
