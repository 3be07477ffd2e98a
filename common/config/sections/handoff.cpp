// Validity.
#include "common/config/sections/handoff.h"

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton::config {

void add_handoff(std::vector<Key>& all) {
  const Section handoff(
      all, "handoff.", [](auto& config) -> auto& { return config.handoff(); });
  handoff.key("precheck_valid", "How long a precheck counts", &HandoffConfig::precheck_valid, positive());
  handoff.key("migrate_valid", "How long a migration counts", &HandoffConfig::migrate_valid, positive());
}

}  // namespace baton::config
