// SOP 1.3 asks for a backup before the migration: pg_dump older than its server makes none.
#include "tools/precheck/backup_programs.h"

#include "common/clients/database/postgresql/dump_programs.h"
#include "common/config/sections/database.h"
#include "common/config/sections/migrate.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  if (!look.config().migrate().backup)
    return {.outcome = Outcome::pass, .message = "none is made: migrate.backup is false"};
  const auto address = database::parse_address(look.config().database().url, look.origin("database.url"));
  if (address.engine != database::Engine::postgresql)
    return {.outcome = Outcome::pass, .message = "no program is needed"};
  const auto connection = database::connect(address, std::chrono::seconds(10));
  return look_for_dump_programs(database::server_major(*connection));
}

}  // namespace

extern const Check backup_programs{
    .id = "backup-programs",
    .sop = "1.3",
    .title = "Backup programs",
    .expected = [](const Config&) { return Expected("as new as the database's server"); },
    .needs = "database.url",
    .part = "database",
    .part_needs = "database.url",
    .declared = WhenDeclared::settled,
    .observe = observe};

}  // namespace baton::precheck
