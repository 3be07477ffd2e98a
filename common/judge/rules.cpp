// How each rule of Step 3 looks at the points.
#include "common/judge/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/watch.h"

namespace baton::judge {
namespace {

Duration at_once(const Config& /*config*/, const LimitRule& /*limits*/) { return Duration{0}; }
/// Two reads: a single one over the limit fires in a third of all quiet two-hour windows (decisions 31).
Duration one_step(const Config& config, const LimitRule& /*limits*/) { return config.watch().step; }
Duration as_configured(const Config& /*config*/, const LimitRule& limits) { return limits.sustained; }

/// A warning is confirmed by every sample of its `for`; a critical rule acts on one look, and spends its error over all
/// looks.
double confidence(Severity severity) {
  static const double once = normal_quantile(1 - kLookAlpha);
  static const double confirmed = normal_quantile(0.98);
  return severity == Severity::critical ? once : confirmed;
}

/// Counts of the newest points: `shortest` back, and further until `enough` requests were seen.
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

Sighting see_error_rate(const Rule& rule, const View& view, double threshold) {
  if (!view.points.back().counts) return {.why = "no sample of the request counter"};
  const Counts before = before_switch(view.baseline);
  const double z = confidence(rule.severity);
  const double margin = threshold - before.percent();
  const double needed = requests_needed(before, margin, z);
  // Two reads, or as far back as the requests are enough: counts need no rate's window, the bound guards against noise.
  const Counts seen = newest_counts(view.points, 2 * view.config.watch().step, needed);
  Sighting sighting{.truth = Truth::unknown, .observed = seen.percent()};
  if (seen.requests < needed) {
    sighting.why = fmt::format("{:.0f} requests in the last {}, {:.0f} needed to tell {} points", seen.requests,
                               to_words(kLongestWindow), needed, number_text(margin));
    return sighting;
  }
  const bool breach = sighting.observed > threshold && difference_lower_bound(seen, before, z) > 0;
  sighting.truth = breach ? Truth::yes : Truth::no;
  return sighting;
}

Sighting see_latency(const Rule& /*rule*/, const View& view, double threshold) {
  const auto& newest = view.points.back();
  if (!newest.latency_p95) return {.why = "no sample of the latency histogram"};
  const double requests = newest_counts(view.points, rate_window(view.config), 0).requests;
  Sighting sighting{.truth = Truth::unknown, .observed = *newest.latency_p95};
  if (requests < kLatencyRequests) {
    sighting.why = fmt::format("{:.0f} requests behind the percentile, {:.0f} needed", requests, kLatencyRequests);
    return sighting;
  }
  sighting.truth = *newest.latency_p95 > threshold ? Truth::yes : Truth::no;
  return sighting;
}

/// The mean over the pods; a critical limit also when half the pods are over it (decisions 33).
template <std::map<std::string, double> Point::*usage>
Sighting see_usage(const Rule& rule, const View& view, double threshold) {
  const auto& pods = view.points.back().*usage;
  if (pods.empty()) return {.why = "no sample from the pods' containers"};
  double sum = 0;
  std::size_t over = 0;
  for (const auto& [pod, percent] : pods) {
    sum += percent;
    if (percent > threshold) ++over;
  }
  const double mean = sum / static_cast<double>(pods.size());
  const bool half = rule.severity == Severity::critical && 2 * over >= pods.size();
  return {.truth = mean > threshold || half ? Truth::yes : Truth::no, .observed = mean};
}

using enum Severity;
constexpr std::array kRules = {
    Rule{"error-rate-critical", "error_rate", "3", "Error rate, rollback limit", "%", critical,
         &WatchConfig::error_rate, at_once, see_error_rate},
    Rule{"latency-p95-critical", "latency_p95", "3", "P95 latency, rollback limit", "s", critical,
         &WatchConfig::latency_p95, one_step, see_latency},
    Rule{"cpu-critical", "cpu", "3", "CPU, rollback limit", "%", critical, &WatchConfig::cpu, as_configured,
         see_usage<&Point::cpu>},
    Rule{"memory-critical", "memory", "3", "Memory, rollback limit", "%", critical, &WatchConfig::memory, as_configured,
         see_usage<&Point::memory>},
    Rule{"error-rate-warning", "error_rate", "3a.1", "Error rate", "%", warning, &WatchConfig::error_rate,
         as_configured, see_error_rate},
    Rule{"latency-p95-warning", "latency_p95", "3a.2", "P95 latency", "s", warning, &WatchConfig::latency_p95,
         as_configured, see_latency},
    Rule{"cpu-warning", "cpu", "3a.4", "CPU usage", "%", warning, &WatchConfig::cpu, as_configured,
         see_usage<&Point::cpu>},
    Rule{"memory-warning", "memory", "3a.4", "Memory usage", "%", warning, &WatchConfig::memory, as_configured,
         see_usage<&Point::memory>},
};

}  // namespace

std::span<const Rule> rules() { return kRules; }

bool has_baseline(const Baseline& baseline, std::string_view metric) {
  const auto known = baseline.metrics.find(std::string(metric));
  return known != baseline.metrics.end() && known->second.value;
}

Counts before_switch(const Baseline& baseline) {
  constexpr Counts kNothingFailed{.errors = 0, .requests = 1000};
  if (!has_baseline(baseline, "error_rate")) return kNothingFailed;
  const auto& metric = baseline.metrics.at("error_rate");
  return {.errors = metric.errors, .requests = metric.requests};
}

std::optional<Limit> Rule::limit(const Config& config) const {
  const LimitRule& both = config.watch().*limits;
  return severity == Severity::critical ? both.rollback : both.warn;
}

std::optional<double> threshold_of(const Rule& rule, const Limit& limit, const Baseline& baseline) {
  if (limit.kind == Limit::Kind::above) return limit.value;
  if (!has_baseline(baseline, rule.metric))
    return limit.kind == Limit::Kind::plus_points ? std::optional(limit.threshold(0)) : std::nullopt;
  const auto& metric = baseline.metrics.at(std::string(rule.metric));
  double threshold = limit.threshold(*metric.value);
  if (metric.yesterday) threshold = std::max(threshold, limit.threshold(*metric.yesterday));
  // What the day before the switch reached now and then is no reason to roll back.
  if (rule.severity == Severity::critical && metric.peak) threshold = std::max(threshold, *metric.peak);
  return threshold;
}

}  // namespace baton::judge
