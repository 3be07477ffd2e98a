// Room for the next colour.
#include "common/config/sections/precheck/capacity.h"

#include "common/config/ranges.h"
#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_capacity(std::vector<Key>& all) {
  using Capacity = CapacityConfig;
  const Section section(all, "precheck.capacity.", [](auto& config) -> auto& { return config.precheck().capacity; },
                        {"precheck"});
  section.key("buffer", "Least share of the cluster that stays free with both colours", &Capacity::buffer);
  section.key("database_disk_free", "Least free share of the database's disk", &Capacity::database_disk_free);
  section.key("database_disk", "PromQL of that share, 0 to 1", &Capacity::database_disk);
  section.key("pool_use", "Most of a connection pool that is used with both colours", &Capacity::pool_use);
  section.key("pool", "Connections that one pod opens at most", &Capacity::pool,
              number_within(0, 1'000'000, "a number from 0 to 1000000"));
}

}  // namespace baton::config
