// SOP 3, "Input": baseline metrics from before the deployment. What is absent now could not be judged later.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/config/sections/precheck.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"
#include "common/judge/baseline.h"
#include "common/judge/own_query.h"
#include "common/judge/recent_samples.h"
#include "common/judge/yesterday.h"
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

/// Nobody could judge by these later; why stands beside each.
struct Absent {
  std::vector<std::string> metrics = {};
  bool is_traffic_alone = true;  ///< every series is there, and no request came
};

Absent absent_in(const judge::Baseline& baseline, const Config& config) {
  Absent absent;
  for (const auto& [id, metric] : baseline.metrics) {
    if (metric.value || config.precheck().not_applicable.contains(id)) continue;
    absent.metrics.push_back(fmt::format("{} ({})", id, metric.why));
    absent.is_traffic_alone = absent.is_traffic_alone && metric.is_silent;
  }
  return absent;
}

/// Where each number comes from, and what the configuration's own queries give.
std::vector<std::string> sources_of(const judge::Baseline& baseline) {
  std::vector<std::string> sources;
  if (!baseline.own.contains(judge::kErrorRate.id))
    sources.push_back(baseline.source ? judge::source_text(*baseline.source) : baseline.why_no_source);
  if (const auto* errors = baseline.find(judge::kErrorRate); errors != nullptr && errors->requests > 0)
    sources.push_back(fmt::format("{} of {:.0f} requests failed", errors->errors, errors->requests));
  for (const auto* metric : judge::metrics()) {
    if (!baseline.own.contains(metric->id)) continue;
    const auto& seen = baseline.metrics.find(metric->id)->second;
    sources.push_back(fmt::format("{} {} by its own query {}", metric->id,
                                  seen.value ? judge::measured(*metric, *seen.value).text() : "unknown", seen.query));
  }
  return sources;
}

/// Which rise of the latency its histogram cannot show; empty: there is no histogram.
std::string blur_text(const judge::Baseline& baseline) {
  const auto* latency = baseline.find(judge::kLatencyP95);
  if (latency == nullptr || !latency->bucket) return "";
  const auto [low, high] = *latency->bucket;
  const auto shown = [](double seconds) { return judge::measured(judge::kLatencyP95, seconds).text(); };
  const auto known =
      fmt::format("P95 {} lies between the histogram's edges {} and ", shown(*latency->value), shown(low));
  if (!std::isfinite(high)) return known + "infinity: no rise of it can be told";
  return fmt::format("{}{}: a rise below {:.0f} % cannot be told", known, shown(high),
                     100 * (high / *latency->value - 1));
}

/// How much of the day before is missing, which warns of hours that are always like this; empty: nothing.
std::string day_text(const judge::Baseline& baseline, Time now) {
  const auto* latency = baseline.find(judge::kLatencyP95);
  if (latency == nullptr || baseline.own.contains(judge::kLatencyP95.id)) return "";
  if (!latency->known_since) return "nothing is known of yesterday: what is slow at this hour every day looks new";
  if (now - *latency->known_since > judge::kDay - std::chrono::hours(1)) return "";
  return "yesterday is known since " + to_rfc3339(*latency->known_since) +
         " only: what is slow at an hour every day looks new before it";
}

/// What is judged less sharply than usual, and why.
std::vector<std::string> reservations(const judge::Baseline& baseline) {
  std::vector<std::string> less;
  for (const auto* metric : judge::metrics()) {
    if (auto why = judge::why_it_only_warns(*metric, baseline.own); !why.empty()) less.push_back(std::move(why));
  }
  return less;
}

std::string window_text(const judge::Baseline& baseline, const Config& config) {
  const auto window = judge::rate_window(config, baseline.scraped_every);
  if (window == judge::rate_window(config)) return "";
  return fmt::format("scraped every {}: rates are taken over {}", to_text(*baseline.scraped_every), to_text(window));
}

Observation observe(const Look& look) {
  const auto& config = look.config();
  auto& store = look.metrics();
  const auto baseline = judge::measure_baseline(store, config, look.live_scope(), look.now(), look.stop());
  if (is_first_release(look, baseline)) return first_release();
  const auto absent = absent_in(baseline, config);
  const auto too_rarely = judge::why_scraped_too_rarely(config, baseline.scraped_every);
  auto less = reservations(baseline);
  Observation seen{.outcome = less.empty() ? Outcome::pass : Outcome::warn,
                   .observed = Measured(baseline.metrics.size() - absent.metrics.size(), "metrics")};
  if (!absent.metrics.empty()) seen.outcome = absent.is_traffic_alone ? Outcome::unknown : Outcome::fail;
  if (!too_rarely.empty()) seen.outcome = Outcome::fail;
  std::vector<std::string> said = {fmt::format("{} metrics are watched, measured over {}", baseline.metrics.size(),
                                               to_text(config.watch().baseline))};
  std::ranges::move(sources_of(baseline), std::back_inserter(said));
  said.push_back(too_rarely.empty() ? window_text(baseline, config) : too_rarely);
  said.push_back(blur_text(baseline));
  said.push_back(day_text(baseline, look.now()));
  std::ranges::move(less, std::back_inserter(said));
  if (!absent.metrics.empty()) {
    said.push_back("absent: " + join(absent.metrics, ", "));
    seen.recovery = {
        "Look that the live release is scraped and its requests are counted, or name your own queries in "
        "watch.metrics.",
        "What the app does not have is declared in precheck.not_applicable, with a reason."};
  }
  std::erase(said, "");
  seen.message = join(said, "; ");
  seen.state["baseline"] = judge::to_json(baseline);
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
