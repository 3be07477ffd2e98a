// `database:` what is migrated.
#pragma once

#include <string>
#include <vector>

namespace baton {

struct DatabaseConfig {
  std::string url = {};  ///< empty: no migrate step
  std::string direct_url = {};
  std::string migrations = "db/migrations";
};

namespace config {
struct Key;
/// The keys of the section.
void add_database(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
