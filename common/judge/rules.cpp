// The rules of all metrics, and the limits they are held against.
#include "common/judge/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/text.h"

namespace baton::judge {
namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (const auto severity : {Severity::critical, Severity::warning}) {
    for (const Metric* metric : metrics()) {
      for (const auto& row : metric->rules) {
        if (row.evaluate == nullptr || row.severity != severity) continue;
        all.push_back(
            {.id = replace_all(metric->id, "_", "-") + "-" + std::string(row.name), .metric = *metric, .row = row});
      }
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
  auto limit = is_critical() ? both->second.rollback : both->second.warn;
  if (limit) limit->value *= row.of_limit;
  return limit;
}

Duration Rule::sustained(const Criteria& criteria) const {
  const auto& limits = criteria.config.watch().limits.find(metric.id)->second;
  switch (row.sustained) {
    case Sustained::at_once:
      return Duration{0};
    case Sustained::as_confirmed:
      return limits.confirm;
    case Sustained::one_window:
      return rate_window(criteria.config, criteria.baseline.scraped_every);
    case Sustained::ten_minutes:
      return std::chrono::minutes(10);
    case Sustained::as_configured:
      break;
  }
  return limits.sustained;
}

Counts before_switch(const Baseline& baseline) {
  constexpr Counts kNothingFailed{.errors = 0, .requests = 1000};
  const auto* metric = baseline.find(kErrorRate);
  return metric == nullptr ? kNothingFailed : Counts{.errors = metric->errors, .requests = metric->requests};
}

std::optional<Threshold> threshold_of(const Rule& rule, const Limit& limit, const Criteria& criteria) {
  if (rule.row.is_drop) {
    const auto* before = criteria.baseline.find(rule.metric);
    if (before == nullptr) return std::nullopt;
    return Threshold{left_after(limit, *before->value), "baseline " + change_text(rule, limit)};
  }
  if (limit.kind == Limit::Kind::above) return Threshold{.value = limit.value};
  const auto added = to_text(limit);
  const auto* known = criteria.baseline.find(rule.metric);
  if (known == nullptr) {
    if (limit.kind != Limit::Kind::plus_points) return std::nullopt;
    return Threshold{limit.threshold(0), "baseline " + added + ", with no baseline: 0 assumed"};
  }
  const auto floor = criteria.config.watch().limits.find(rule.metric.id)->second.floor;
  // What the day before the switch reached now and then is no reason to roll back.
  const std::array candidates = {Threshold{limit.threshold(*known->value), "baseline " + added},
                                 Threshold{rule.row.over_peak * known->peak.value_or(0), "yesterday's 99th percentile"},
                                 Threshold{std::chrono::duration<double>(floor).count(),
                                           "watch.limits." + std::string(rule.metric.id) + ".floor"}};
  return *std::ranges::max_element(candidates, {}, &Threshold::value);
}

double left_after(const Limit& drop, double before) { return before * (1 - drop.value / 100); }

std::string change_text(const Rule& rule, const Limit& limit) {
  return rule.row.is_drop ? fmt::format("-{:g}%", limit.value) : to_text(limit);
}

double confidence(const Rule& rule, bool is_further) {
  static const double once = normal_quantile(1 - kLookAlpha);
  static const double confirmed = normal_quantile(0.98);
  static const double further = normal_quantile(1 - kLookAlpha / 10);
  if (rule.is_critical()) return is_further ? further : once;
  return is_further ? once : confirmed;
}

Reached newest_counts(std::span<const Point> points, Duration shortest, const IsEnough& is_enough) {
  Reached reached;
  const Time end = points.back().time;
  for (auto point = points.rbegin(); point != points.rend(); ++point) {
    const Duration age = end - point->time;
    if (age >= kLongestWindow) break;
    if (age >= shortest && is_enough(reached.counts, age > shortest)) return {reached.counts, true};
    if (!point->counts) continue;
    reached.counts.errors += point->counts->errors;
    reached.counts.requests += point->counts->requests;
  }
  reached.is_enough = is_enough(reached.counts, end - points.front().time > shortest);
  return reached;
}

void for_each_window(std::span<const Point> points, Duration window, const std::function<bool(const Point&)>& visit) {
  const Time end = points.back().time;
  Time next = end;
  for (auto point = points.rbegin(); point != points.rend(); ++point) {
    if (end - point->time >= kLongestWindow) return;
    if (point->time > next) continue;
    if (!visit(*point)) return;
    next = point->time - window;
  }
}

}  // namespace baton::judge
