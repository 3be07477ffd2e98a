// `migrate:` how long, and the backup before.
#pragma once

#include <string>
#include <vector>

#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

struct MigrateConfig {
  Duration budget = 5min;  ///< of all migrations together; SOP 1.3
  bool backup = true;
  std::string backup_dir = ".baton-backup";
};

namespace config {
struct Key;
/// The keys of the section.
void add_migrate(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
