// Percentiles of the requests' duration, judged on how many took longer than the limit.
#include <fmt/format.h>

#include <cmath>

#include "common/config/sections/watch.h"
#include "common/judge/histogram.h"
#include "common/judge/metric.h"
#include "common/judge/rules.h"

namespace baton::judge {
namespace {

constexpr double kSlowest = 0.05;  // of all requests: those behind the 95th percentile
constexpr Duration kSlowLane = std::chrono::minutes(5);

std::string reading(const QueryTerms& terms) {
  if (auto own = terms.own_part("latency_p95", "buckets"); !own.empty()) return own;
  if (terms.source.buckets.empty()) return "";
  return fmt::format("sum by (le) (rate({}[{}]))", series_of(terms, terms.source.buckets), terms.window);
}

std::string query(const QueryTerms& terms) {
  const auto buckets = reading(terms);
  if (buckets.empty()) return "";
  const double per_second = edges_per_second(terms);
  const std::string in_seconds = per_second == 1 ? "" : fmt::format(" / {}", per_second);
  return fmt::format("histogram_quantile(0.95, {}){}", buckets, in_seconds);
}

Duration window_of(const RuleInput& input) {
  return rate_window(input.criteria.config, input.criteria.baseline.scraped_every);
}

/// A colour that has just come is slower for a while than it will be (decisions 31).
double limit_at(Time time, double threshold, const RuleInput& input) {
  const auto& since = input.criteria.since;
  return since && time - *since < input.criteria.config.watch().warm_up ? 2 * threshold : threshold;
}

/// Between two edges nobody knows where the requests lie: inside the bucket that the baseline's percentile lies in,
/// too, only those behind its end are counted as slower.
double countable(double limit, const Histogram& histogram, const RuleInput& input) {
  const auto* before = input.criteria.baseline.find(kLatencyP95);
  if (before == nullptr) return limit;
  const auto [low, high] = histogram.bucket_of(*before->value);
  return limit > low && limit < high && std::isfinite(high) ? high : limit;
}

const Histogram& histogram_of(const Point& point) {
  static const Histogram none;
  const auto* reading = point.find(kLatencyP95);
  return reading == nullptr ? none : reading->histogram;
}

/// Requests that took longer than `limit`, of all: over as many windows as it takes.
Reached slower_than(double limit, const RuleInput& input, const IsEnough& is_enough) {
  Reached reached;
  const auto window = window_of(input);
  const double seconds = std::chrono::duration<double>(window).count();
  int windows = 0;
  for_each_window(input.points, window, [&](const Point& point) {
    const auto& histogram = histogram_of(point);
    reached.counts.requests += histogram.total() * seconds;
    reached.counts.errors += histogram.slower(countable(limit, histogram, input)) * seconds;
    reached.is_enough = is_enough(reached.counts, ++windows > 1);
    return !reached.is_enough;
  });
  return reached;
}

std::string too_little(double requests) {
  return fmt::format("too little traffic to say that it is well: {:.0f} requests in the last {}, {:.0f} needed",
                     requests, to_words(kLongestWindow), kLatencyRequests);
}

/// A single query's number has no requests behind it that could be counted, and only warns.
Evaluation evaluate_single(double seen, double threshold) {
  return {.truth = seen > threshold ? Truth::yes : Truth::no, .observed = seen};
}

Evaluation evaluate(const Rule& rule, const RuleInput& input, double threshold) {
  const auto& newest = input.points.back();
  const auto seen = value_at(rule.metric, newest, input.criteria.config.watch().step);
  if (!seen) return {.why = "no sample of the latency histogram"};
  const double limit = limit_at(newest.time, threshold, input);
  if (input.is_single) return evaluate_single(*seen, limit);
  bool is_beyond_doubt = false;
  const auto [counts, is_enough] = slower_than(limit, input, [&](const Counts& so_far, bool is_further) {
    is_beyond_doubt =
        so_far.errors >= kFewestErrors && share_lower_bound(so_far, confidence(rule, is_further)) > kSlowest;
    return is_beyond_doubt || so_far.requests >= kLatencyRequests;
  });
  if (is_enough) return {.truth = is_beyond_doubt ? Truth::yes : Truth::no, .observed = *seen};
  return {.observed = *seen, .why = too_little(counts.requests), .is_too_little = true};
}

/// What is not twice as slow and does not go away: the percentile of five minutes, or as many as traffic needs.
Evaluation evaluate_slow(const Rule& rule, const RuleInput& input, double threshold) {
  const auto& newest = input.points.back();
  if (!value_at(rule.metric, newest, input.criteria.config.watch().step))
    return {.why = "no sample of the latency histogram"};
  Histogram sum;
  const double seconds = std::chrono::duration<double>(window_of(input)).count();
  for_each_window(input.points, window_of(input), [&](const Point& point) {
    sum.add(histogram_of(point));
    return newest.time - point.time + window_of(input) < kSlowLane || sum.total() * seconds < kLatencyRequests;
  });
  const auto seen = sum.quantile(1 - kSlowest);
  if (!seen || sum.total() * seconds < kLatencyRequests)
    return {.why = too_little(sum.total() * seconds), .is_too_little = true};
  const double limit = countable(limit_at(newest.time, threshold, input), sum, input);
  return {.truth = *seen > limit ? Truth::yes : Truth::no, .observed = *seen};
}

}  // namespace

constinit const Metric kLatencyP95{
    .id = "latency_p95",
    .heading = "Latency (P95)",
    .unit = {.factor = 1000, .symbol = "ms"},
    .query = query,
    .reading = reading,
    .own = "max(QUERY)",
    .judged_by_counts = true,
    .fold = Fold::buckets,
    .baseline = BaselineKind::with_day,
    .history = kLongestWindow,
    .rules = {{{.name = "critical",
                .severity = Severity::critical,
                .sop = "3",
                .title = "P95 latency, rollback limit",
                .sustained = Sustained::one_window,
                .evaluate = evaluate,
                .over_peak = 1.25},
               {.name = "slow",
                .severity = Severity::critical,
                .sop = "3",
                .title = "P95 latency of five minutes, rollback limit",
                .sustained = Sustained::ten_minutes,
                .evaluate = evaluate_slow,
                .of_limit = 0.6,
                .over_peak = 1},
               {.name = "warning", .sop = "3a.2", .title = "P95 latency", .evaluate = evaluate, .over_peak = 1}}}};

extern constinit const Metric kLatencyP99{
    .id = "latency_p99", .heading = "Latency (P99)", .unit = {.factor = 1000, .symbol = "ms"}, .own = "max(QUERY)"};

}  // namespace baton::judge
