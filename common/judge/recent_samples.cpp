// One range query a metric, as fine as the grid.
#include "common/judge/recent_samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/watch.h"
#include "common/core/units.h"
#include "common/judge/own_query.h"

namespace baton::judge {
namespace {

/// Whose samples are judged by, under the id of its metric or kRequestCounters.
std::map<std::string, std::string> queries_by_id(const QueryTerms& terms) {
  std::map<std::string, std::string> queries{{std::string(kRequestCounters), requests_query(terms)}};
  for (const Metric* metric : metrics()) {
    if (is_read(*metric, terms)) queries.emplace(metric->id, sampled_of(*metric, terms));
  }
  return queries;
}

/// Finely enough to tell scrapes apart that are as rare as they may be.
constexpr Duration kFinest = std::chrono::seconds(15);
constexpr Duration kScrapesSeen = std::chrono::minutes(20);

}  // namespace

RecentSamples recent_samples(prometheus::Client& store, const Config& config, const QueryTerms& terms, Time at,
                             const std::stop_token& stop) {
  const Duration step = std::min(config.watch().step, kFinest);
  RecentSamples recent;
  for (const auto& [id, query] : queries_by_id(terms)) {
    const auto newest = newest_samples_query(query);
    if (newest.empty()) continue;
    const auto answer = store.query_range(newest, at - kScrapesSeen / step * step, at, step, stop);
    prometheus::require_whole(answer);
    recent.emplace(id, answer);
  }
  return recent;
}

std::optional<Duration> rarest_scrape(const RecentSamples& recent) {
  std::optional<Duration> rarest;
  for (const auto& [id, samples] : recent) {
    if (const auto apart = samples.apart()) rarest = std::max(rarest.value_or(*apart), *apart);
  }
  return rarest;
}

std::string why_scraped_too_rarely(const Config& config, std::optional<Duration> scraped_every) {
  if (!scraped_every || *scraped_every <= std::max(kRarestScrape, config.watch().step)) return "";
  const auto every = to_text(*scraped_every);
  // The longest step there is; a store forgets a series that is scraped more rarely.
  constexpr Duration kLongestStep = std::chrono::minutes(5);
  const auto advice = *scraped_every <= kLongestStep ? "set watch.step to " + every : "scrape it every minute";
  return fmt::format("scraped every {}, too rarely for watch.step {}: {}", every, to_text(config.watch().step), advice);
}

}  // namespace baton::judge
