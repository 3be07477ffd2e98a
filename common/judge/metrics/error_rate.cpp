// Failed requests among all, judged on counts.
#include <fmt/format.h>

#include "common/config/sections/watch.h"
#include "common/judge/metric.h"
#include "common/judge/own_query.h"
#include "common/judge/rules.h"

namespace baton::judge {
namespace {

/// A warning is confirmed by every sample of its `for`; a critical rule acts on one look, and spends its error over all
/// looks.
double confidence(Severity severity) {
  static const double once = normal_quantile(1 - kLookAlpha);
  static const double confirmed = normal_quantile(0.98);
  return severity == Severity::critical ? once : confirmed;
}

std::string query(const QueryTerms& terms) {
  const auto all = requests_grown(terms, "increase");
  if (all.empty()) return "";
  const auto failed = errors_grown(terms, "increase");
  if (has_own_errors(terms)) return fmt::format("100 * {} / {}", failed, all);
  return fmt::format("100 * ({0} or 0 * {1}) / {1}", failed, all);
}

/// An own query's number as it stands.
Evaluation evaluate_single(const Rule& rule, const RuleInput& input, double threshold) {
  const auto share = value_at(rule.metric, input.points.back(), input.criteria.config.watch().step);
  if (!share) return {.why = "no sample of watch.metrics.error_rate, a share from 0 to 1"};
  return {.truth = *share > threshold ? Truth::yes : Truth::no, .observed = *share};
}

Evaluation evaluate(const Rule& rule, const RuleInput& input, double threshold) {
  if (is_single(rule.metric, input.criteria.own())) return evaluate_single(rule, input, threshold);
  if (!input.points.back().counts) return {.why = "no sample of the request counter"};
  const Counts before = before_switch(input.criteria.baseline);
  const double z = confidence(rule.severity);
  const double margin = threshold - before.percent();
  const double needed = requests_needed(before, margin, z);
  // Two reads, or as far back as the requests are enough: counts need no rate's window, the bound guards against noise.
  const Counts seen = newest_counts(input.points, 2 * input.criteria.config.watch().step, needed);
  Evaluation found{.truth = Truth::unknown, .observed = seen.percent()};
  if (seen.requests < needed) {
    found.why = fmt::format("too little traffic to judge: {:.0f} requests in the last {}", seen.requests,
                            to_words(kLongestWindow));
    return found;
  }
  const bool is_over = found.observed > threshold && difference_lower_bound(seen, before, z) > 0;
  found.truth = is_over ? Truth::yes : Truth::no;
  return found;
}

}  // namespace

constinit const Metric kErrorRate{
    .id = "error_rate",
    .heading = "Error Rate",
    .unit = {.symbol = "%"},
    .query = query,
    .own = "100 * max((QUERY) <= 1)",
    .judged_by_counts = true,
    .fold = Fold::failed_share,
    .baseline = BaselineKind::counted,
    .evaluate = evaluate,
    .critical = {.sop = "3", .title = "Error rate, rollback limit", .sustained = Sustained::at_once},
    .warning = {.sop = "3a.1", .title = "Error rate"}};

}  // namespace baton::judge
