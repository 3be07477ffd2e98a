// The rehearsal on staging.
#include "common/config/sections/precheck/migrations.h"

#include "common/config/ranges.h"
#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_migrations(std::vector<Key>& all) {
  using Rehearsal = RehearsalConfig;
  const Section section(all, "precheck.migrations.", [](auto& config) -> auto& { return config.precheck().migrations; },
                        {"precheck"});
  section.key("max_duration", "The rehearsal must have taken less", &Rehearsal::max_duration, positive());
  section.key("max_lock", "Longest that anybody may have waited for it", &Rehearsal::max_lock, positive());
  section.key("rehearsal", "Record of baton-migrate rehearse", &Rehearsal::rehearsal);
}

}  // namespace baton::config
