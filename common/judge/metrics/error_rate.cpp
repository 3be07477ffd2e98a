// Failed requests among all, judged on counts.
#include <fmt/format.h>

#include "common/config/sections/watch.h"
#include "common/judge/metric.h"
#include "common/judge/rules.h"

namespace baton::judge {
namespace {

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

/// Two reads, further back until the stretch is over the limit beyond doubt, or had the requests that a "no" needs:
/// counts need no rate's window, the bound guards against noise.
Evaluation evaluate(const Rule& rule, const RuleInput& input, double threshold) {
  if (input.is_single) return evaluate_single(rule, input, threshold);
  if (!input.points.back().counts) return {.why = "no sample of the request counter"};
  const Counts before = before_switch(input.criteria.baseline);
  const double needed = requests_needed(before, threshold - before.percent(), confidence(rule, false));
  const auto is_over = [&](const Counts& counts, bool is_further) {
    return counts.errors >= kFewestErrors && counts.percent() > threshold &&
           difference_lower_bound(counts, before, confidence(rule, is_further)) > 0;
  };
  bool is_beyond_doubt = false;
  const auto [seen, is_enough] =
      newest_counts(input.points, 2 * input.criteria.config.watch().step, [&](const Counts& counts, bool is_further) {
        is_beyond_doubt = is_over(counts, is_further);
        return is_beyond_doubt || counts.requests >= needed;
      });
  if (is_enough) return {.truth = is_beyond_doubt ? Truth::yes : Truth::no, .observed = seen.percent()};
  return {.observed = seen.percent(),
          .why = fmt::format("too little traffic to say that it is well: {:.0f} requests in the last {}, {:.0f} needed",
                             seen.requests, to_words(kLongestWindow), needed),
          .is_too_little = true};
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
    .rules = {{{.name = "critical",
                .severity = Severity::critical,
                .sop = "3",
                .title = "Error rate, rollback limit",
                .sustained = Sustained::as_confirmed,
                .evaluate = evaluate},
               {.name = "warning", .sop = "3a.1", .title = "Error rate", .evaluate = evaluate}}}};

}  // namespace baton::judge
