// What migrate would apply: its files, and which of them the database does not remember.
#pragma once

#include <string>
#include <vector>

#include "common/clients/database/address.h"
#include "common/step/migration_files.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

struct PendingMigrations {
  database::Address address;                ///< that migrate works on: direct_url goes before url
  std::vector<MigrationFile> files = {};    ///< of the folder, in the order to apply
  std::vector<MigrationFile> pending = {};  ///< of those
};

/// database.direct_url, else database.url.
database::Address migrated_database(const Look& look);
/// Reads the history; nothing is made. Throws Error{unknown} where folder or history cannot be read.
PendingMigrations pending_migrations(const Look& look);
/// "12 migrations, none pending"; "3 of 12 migrations pending".
std::string pending_text(const PendingMigrations& migrations);

}  // namespace baton::precheck
