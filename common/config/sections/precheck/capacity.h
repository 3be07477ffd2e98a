// `precheck.capacity:` room for the next colour.
#pragma once

#include <string>
#include <vector>

#include "common/core/units.h"

namespace baton {

/// SOP 1.6.
struct CapacityConfig {
  Percent buffer = {20};
  Percent database_disk_free = {30};
  std::string database_disk = {};  ///< PromQL: the free share of the database's disk, 0 to 1
  Percent pool_use = {80};
  int pool = 0;  ///< connections one pod opens at most; 0: nobody said
};

namespace config {
struct Key;
/// The keys of `precheck.capacity`.
void add_precheck_capacity(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
