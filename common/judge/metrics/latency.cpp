// Percentiles of the requests' duration.
#include <fmt/format.h>

#include "common/judge/metric.h"
#include "common/judge/own_query.h"
#include "common/judge/rules.h"

namespace baton::judge {
namespace {

std::string query(const QueryTerms& terms) {
  if (const auto own = terms.own_part("latency_p95", "buckets"); !own.empty())
    return fmt::format("histogram_quantile(0.95, {})", own);
  const auto& source = terms.source;
  if (source.buckets.empty()) return "";
  const std::string in_seconds = source.per_second == 1 ? "" : fmt::format(" / {}", source.per_second);
  return fmt::format("histogram_quantile(0.95, sum by (le) (rate({}[{}]))){}", series_of(terms, source.buckets),
                     terms.window, in_seconds);
}

Evaluation evaluate(const Rule& rule, const RuleInput& input, double threshold) {
  const auto& config = input.criteria.config;
  const auto newest = value_at(rule.metric, input.points.back(), config.watch().step);
  if (!newest) return {.why = "no sample of the latency histogram"};
  const auto window = rate_window(config, input.criteria.baseline.scraped_every);
  const double requests = newest_counts(input.points, window, 0).requests;
  // A single query's number has no requests behind it that could be counted, and only warns.
  if (requests < kLatencyRequests && !is_single(rule.metric, input.criteria.own())) {
    return {.observed = *newest,
            .why = fmt::format("{:.0f} requests behind the percentile, {:.0f} needed", requests, kLatencyRequests)};
  }
  return {.truth = *newest > threshold ? Truth::yes : Truth::no, .observed = *newest};
}

}  // namespace

constinit const Metric kLatencyP95{
    .id = "latency_p95",
    .heading = "Latency (P95)",
    .unit = {.factor = 1000, .symbol = "ms"},
    .query = query,
    .own = "max(QUERY)",
    .judged_by_counts = true,
    .fold = Fold::sum,
    .baseline = BaselineKind::with_day,
    .evaluate = evaluate,
    .critical = {.sop = "3", .title = "P95 latency, rollback limit", .sustained = Sustained::two_reads},
    .warning = {.sop = "3a.2", .title = "P95 latency"}};

extern constinit const Metric kLatencyP99{
    .id = "latency_p99", .heading = "Latency (P99)", .unit = {.factor = 1000, .symbol = "ms"}, .own = "max(QUERY)"};

}  // namespace baton::judge
