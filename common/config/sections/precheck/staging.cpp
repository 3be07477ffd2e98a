// Staging and its results.
#include "common/config/sections/precheck/staging.h"

#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_staging(std::vector<Key>& all) {
  using Staging = StagingConfig;
  const Section section(all, "precheck.staging.", [](auto& config) -> auto& { return config.precheck().staging; },
                        {"precheck"});
  section.url("url", "Staging, probed over switch.smoke", &Staging::url);
  section.key("kubernetes.context", "Context of the staging cluster", &Staging::context);
  section.key("kubernetes.namespace", "Namespace of staging", &Staging::namespace_name);
  section.key("kubernetes.service", "Service of staging; absent: kubernetes.service", &Staging::service);
  section.key("e2e", "Results of the end-to-end tests against staging", &Staging::e2e);
  section.key("smoke", "Results of the smoke tests against staging", &Staging::smoke);
  section.key("performance", "Reports of load tests against staging", &Staging::performance);
  section.key("log_errors", "Texts that make a log line of staging an error", &Staging::log_errors);
  section.key("log_allow", "Texts that excuse such a line", &Staging::log_allow);
}

}  // namespace baton::config
