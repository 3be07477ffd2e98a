// Budget and backup.
#include "common/config/sections/migrate.h"

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton::config {

void add_migrate(std::vector<Key>& all) {
  const Section section(all, "migrate.", [](auto& config) -> auto& { return config.migrate(); }, {"migrate"});
  section.key("budget", "Longest all migrations together may take", &MigrateConfig::budget, positive());
  section.key("backup", "Back the database up before migrating", &MigrateConfig::backup);
  section.key("backup_dir", "Folder of backups", &MigrateConfig::backup_dir);
}

}  // namespace baton::config
