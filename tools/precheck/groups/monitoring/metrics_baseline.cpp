// SOP 3, "Input": baseline metrics from before the deployment. What is absent now could not be judged later.
#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"
#include "common/judge/baseline.h"
#include "common/rollout/lease.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// The store knows nothing of the app, and neither does the cluster know of an earlier release by Baton: there is
/// nothing yet that could be absent.
bool is_first_release(const Look& look, const judge::Baseline& baseline) {
  auto context = look.context();
  const auto lease = rollout::read_lease(context);
  const bool is_unknown = !baseline.source && std::ranges::none_of(baseline.metrics, [](const auto& entry) {
    return entry.second.value.has_value();
  });
  return is_unknown && look.live().colour.empty() && lease.ledger.empty() && !lease.move;
}

Observation first_release() {
  const std::string why = "first release: the store has no series of it yet";
  Observation seen{.outcome = Outcome::warn, .observed = Measured(0, "metrics")};
  seen.message = why + "; only readiness, restarts and smoke will be watched";
  seen.recovery = {"Look that the release's metrics are scraped before the next one: that one is judged by them."};
  seen.state["without_metrics"] = why;
  return seen;
}

Observation observe(const Look& look) {
  const auto& config = look.config();
  auto& store = look.metrics();
  const auto baseline = judge::measure_baseline(store, config, look.live_scope(), look.now(), look.stop());
  if (is_first_release(look, baseline)) return first_release();
  std::vector<std::string> absent;
  for (const auto& [id, metric] : baseline.metrics) {
    if (!metric.value && !config.precheck().not_applicable.contains(id)) absent.push_back(id);
  }
  Observation seen{.outcome = absent.empty() ? Outcome::pass : Outcome::fail,
                   .observed = Measured(baseline.metrics.size() - absent.size(), "metrics")};
  seen.message = fmt::format("{} metrics are watched, measured over {}; {}", baseline.metrics.size(),
                             to_text(config.watch().baseline),
                             baseline.source ? judge::source_text(*baseline.source) : baseline.why_no_source);
  if (const auto* errors = baseline.find(judge::kErrorRate))
    seen.message += fmt::format("; {} of {:.0f} requests failed", errors->errors, errors->requests);
  seen.state["baseline"] = judge::to_json(baseline);
  if (!absent.empty()) seen.message += "; absent: " + join(absent, ", ");
  return seen;
}

}  // namespace

extern const Check metrics_baseline{
    .id = "metrics-baseline",
    .sop = "3",
    .title = "Baseline of the watched metrics",
    .expected = [](const Config&) { return Expected("every watched metric has a value"); },
    .needs = "metrics.prometheus",
    .critical = true,
    .part = "metrics",
    .declared = WhenDeclared::caution,
    .must_be_configured = true,
    .observe = observe};

}  // namespace baton::precheck
