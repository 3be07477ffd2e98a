// Finds the metrics store.
#include "tools/precheck/store.h"

#include "common/config/sections/metrics.h"
#include "common/core/text.h"

namespace baton::precheck {

prometheus::Client& require_store(const Look& look) {
  if (!look.is_standalone() && look.config().metrics().prometheus.url.empty())
    throw Error(ExitCode::unknown, "metrics.prometheus is not configured",
                "Set metrics.prometheus, which is asked for it.");
  return look.metrics();
}

std::string filled_query(const Look& look, const std::string& query) {
  return fill_placeholders(query, [&](std::string_view name) -> std::optional<std::string> {
    if (name == "app") return look.config().app;
    if (name == "namespace") return look.namespace_name();
    return std::nullopt;
  });
}

}  // namespace baton::precheck
