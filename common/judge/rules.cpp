// The rules of all metrics, and the limits they are held against.
#include "common/judge/rules.h"

#include <algorithm>

#include "common/core/text.h"

namespace baton::judge {
namespace {

std::string id_of(const Metric& metric, Severity severity) {
  return replace_all(metric.id, "_", "-") + (severity == Severity::critical ? "-critical" : "-warning");
}

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (const auto severity : {Severity::critical, Severity::warning}) {
    for (const Metric* metric : metrics()) {
      if (metric->evaluate != nullptr)
        all.push_back({.id = id_of(*metric, severity), .metric = *metric, .severity = severity});
    }
  }
  return all;
}

}  // namespace

std::span<const Rule> rules() {
  static const std::vector<Rule> all = all_rules();
  return all;
}

const Rule* find_rule(std::string_view id) {
  const auto found = std::ranges::find(rules(), id, &Rule::id);
  return found == rules().end() ? nullptr : &*found;
}

std::optional<Limit> Rule::limit(const Config& config) const {
  const auto both = config.watch().limits.find(metric.id);
  if (both == config.watch().limits.end()) return std::nullopt;
  return severity == Severity::critical ? both->second.rollback : both->second.warn;
}

Duration Rule::sustained(const Config& config) const {
  switch (row().sustained) {
    case Sustained::at_once:
      return Duration{0};
    case Sustained::two_reads:
      return config.watch().step;
    case Sustained::as_configured:
      break;
  }
  return config.watch().limits.find(metric.id)->second.sustained;
}

Counts before_switch(const Baseline& baseline) {
  constexpr Counts kNothingFailed{.errors = 0, .requests = 1000};
  const auto* metric = baseline.find(kErrorRate);
  return metric == nullptr ? kNothingFailed : Counts{.errors = metric->errors, .requests = metric->requests};
}

std::optional<double> threshold_of(const Rule& rule, const Limit& limit, const Baseline& baseline) {
  if (limit.kind == Limit::Kind::above) return limit.value;
  const auto* metric = baseline.find(rule.metric);
  if (metric == nullptr)
    return limit.kind == Limit::Kind::plus_points ? std::optional(limit.threshold(0)) : std::nullopt;
  double threshold = limit.threshold(*metric->value);
  if (metric->yesterday) threshold = std::max(threshold, limit.threshold(*metric->yesterday));
  // What the day before the switch reached now and then is no reason to roll back.
  if (rule.severity == Severity::critical && metric->peak) threshold = std::max(threshold, *metric->peak);
  return threshold;
}

Counts newest_counts(std::span<const Point> points, Duration shortest, double enough) {
  Counts sum;
  const Time end = points.back().time;
  for (auto point = points.rbegin(); point != points.rend(); ++point) {
    const Duration age = end - point->time;
    if (age >= kLongestWindow || (age >= shortest && sum.requests >= enough)) break;
    if (!point->counts) continue;
    sum.errors += point->counts->errors;
    sum.requests += point->counts->requests;
  }
  return sum;
}

}  // namespace baton::judge
