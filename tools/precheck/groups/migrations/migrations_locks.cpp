// SOP 1.3: long-running queries, which a migration would wait for; on production, now.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/units.h"
#include "tools/precheck/lock_holders.h"

namespace baton::precheck {
namespace {

/// What is pending, put together: it is only searched for names.
std::string sql_of(const std::vector<MigrationFile>& files) {
  std::string all;
  for (const auto& file : files) all += read_file(file.path) + "\n";
  return all;
}

Observation of_sqlite(const PendingMigrations& here) {
  std::error_code ignored;
  if (!fs::exists(here.address.path, ignored))
    return {.outcome = Outcome::warn, .message = "the database is not there yet"};
  return {.outcome = Outcome::pass,
          .message = "SQLite has one writer at a time, and migrate waits for it; " + pending_text(here)};
}

Observation observe(const Look& look) {
  const auto here = pending_migrations(look);
  if (here.address.engine == database::Engine::sqlite) return of_sqlite(here);
  auto seen = judged(sessions_of(here.address), sql_of(here.pending), look.config().precheck().migrations.max_lock);
  seen.message += "; " + pending_text(here);
  return seen;
}

}  // namespace

extern const Check migrations_locks{
    .id = "migrations-locks",
    .sop = "1.3",
    .title = "Long-running queries",
    .expected =
        [](const Config& config) {
          return Expected(fmt::format("no lock > {} on tables of pending migrations, nobody at work > {}",
                                      to_text(config.precheck().migrations.max_lock), to_text(kMostAtWork)));
        },
    .needs = "database.url",
    .critical = true,
    .part = "database",
    .part_needs = "database.url",
    .declared = WhenDeclared::settled,
    .observe = observe};

}  // namespace baton::precheck
