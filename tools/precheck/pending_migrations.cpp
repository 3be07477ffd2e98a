// Compares the folder with the history, as migrate does.
#include "tools/precheck/pending_migrations.h"

#include <fmt/format.h>

#include "common/clients/database/reader.h"
#include "common/config/sections/database.h"
#include "common/core/text.h"
#include "common/step/migration_history.h"

namespace baton::precheck {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(10);

std::set<std::string> applied_in(const database::Address& address) {
  std::error_code ignored;
  if (address.engine == database::Engine::sqlite && !fs::exists(address.path, ignored)) return {};
  database::Reader reader(address, kTimeout);
  return dbmate_applied(over(reader), address.engine);
}

PendingMigrations compared(const Look& look) {
  PendingMigrations found{.address = migrated_database(look)};
  found.files = list_migrations(dbmate_version, look.config().database().migrations);
  found.pending = pending_of(found.files, applied_in(found.address));
  return found;
}

}  // namespace

database::Address migrated_database(const Look& look) {
  const auto& database = look.config().database();
  return database.direct_url.empty() ? database::parse_address(database.url, look.origin("database.url"))
                                     : database::parse_address(database.direct_url, look.origin("database.direct_url"));
}

PendingMigrations pending_migrations(const Look& look) {
  try {
    return compared(look);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    // What migrate would refuse is a finding here, not the end of the run.
    throw Error(ExitCode::unknown, error.what(), error.hint());
  }
}

std::string pending_text(const PendingMigrations& migrations) {
  const auto all = count_text(static_cast<long long>(migrations.files.size()), "migration");
  if (migrations.pending.empty()) return all + ", none pending";
  return fmt::format("{} of {} pending", migrations.pending.size(), all);
}

}  // namespace baton::precheck
