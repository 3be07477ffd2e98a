// Nodes, cache, neighbours, alerts.
#include "common/config/sections/precheck/infrastructure.h"

#include "common/config/ranges.h"
#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_infrastructure(std::vector<Key>& all) {
  using Infrastructure = InfrastructureConfig;
  const Section section(all, "precheck.infrastructure.",
                        [](auto& config) -> auto& { return config.precheck().infrastructure; }, {"precheck"});
  section.key("node_cpu", "Average CPU of the nodes must stay under it, in percent of allocatable",
              &Infrastructure::node_cpu);
  section.key("node_memory", "Average memory of the nodes must stay under it", &Infrastructure::node_memory);
  section.fills(section.key("redis", "Redis: redis:// or rediss://, or {url, ca}", &Infrastructure::redis), {});
  section.key("external", "Health URLs of what the app depends on; each answers 200", &Infrastructure::external);
  section.fills(
      section.key("alertmanager", "Alertmanager: URL or {url, token, ca, headers}", &Infrastructure::alertmanager), {});
}

}  // namespace baton::config
