// Server, selector, lag.
#include "common/config/sections/metrics.h"

#include "common/config/section.h"

namespace baton::config {

void add_metrics(std::vector<Key>& all) {
  const Section metrics(all, "metrics.", [](auto& config) -> auto& { return config.metrics(); },
                        {"precheck", "switch", "watch"});
  metrics.fills(
      metrics.key("prometheus", "Prometheus server: URL or {url, token, ca, headers}", &MetricsConfig::prometheus), {});
  metrics.fills(metrics.key("selector", "Label matchers that pick one colour's series", &MetricsConfig::selector),
                placeholder_names());
  metrics.key("lag", "Newest stretch that is not read yet", &MetricsConfig::lag);
}

}  // namespace baton::config
