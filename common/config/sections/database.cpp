// URLs and the folder of migrations.
#include "common/config/sections/database.h"

#include "common/config/section.h"

namespace baton::config {

void add_database(std::vector<Key>& all) {
  const auto at = [](auto& config) -> auto& { return config.database(); };
  const Section database(all, "database.", at, {"precheck", "migrate"});
  database.url("url", "postgresql:// or sqlite:; absent: no migrate step", &DatabaseConfig::url);
  const Section migration(all, "database.", at, {"migrate"});
  migration.url("direct_url", "Past a pooler, for DDL", &DatabaseConfig::direct_url);
  migration.key("migrations", "Folder of migration files", &DatabaseConfig::migrations);
}

}  // namespace baton::config
