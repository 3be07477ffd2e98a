// Dashboards, alerts, logs, APM.
#include "common/config/sections/precheck/monitoring.h"

#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_monitoring(std::vector<Key>& all) {
  using Monitoring = MonitoringConfig;
  const Section section(all, "precheck.monitoring.", [](auto& config) -> auto& { return config.precheck().monitoring; },
                        {"precheck"});
  section.key("dashboards", "Dashboards that must be reachable", &Monitoring::dashboards);
  section.key("alerts", "Names of alert rules that must be loaded", &Monitoring::alerts);
  section.fills(section.key("logs.loki", "Loki: URL or {url, token, ca, headers}", &Monitoring::loki), {});
  section.fills(section.key("apm", "When the APM last saw the service: {url, pointer}", &Monitoring::apm), {});
}

}  // namespace baton::config
