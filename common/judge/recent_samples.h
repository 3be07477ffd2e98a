// How often what is judged by is scraped, learned from the samples themselves: a list of targets is there in Prometheus
// alone, while Thanos, Mimir and pushed metrics have none.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "common/clients/prometheus/client.h"
#include "common/config/config.h"
#include "common/judge/queries.h"
#include "common/judge/scrapes.h"

namespace baton::judge {

/// Under which the two counters stand beside the metrics, by their ids.
inline constexpr std::string_view kRequestCounters = "requests";

/// Of the minutes before a moment, by metric, and of the two counters under kRequestCounters; none of what names no
/// series with braces.
using RecentSamples = std::map<std::string, NewestSamples, std::less<>>;

/// Asks for what `terms` is judged by, up to `at`. Throws Error{unknown} when the store cannot be asked or answers
/// partly.
RecentSamples recent_samples(prometheus::Client& store, const Config& config, const QueryTerms& terms, Time at,
                             const std::stop_token& stop);
/// Between two scrapes, of the metric that is scraped most rarely. Nothing: no series had two samples.
std::optional<Duration> rarest_scrape(const RecentSamples& recent);

/// Why nothing can be judged at this `watch.step`, and what to set; empty: scraped often enough.
std::string why_scraped_too_rarely(const Config& config, std::optional<Duration> scraped_every);

}  // namespace baton::judge
