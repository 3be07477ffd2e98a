// Sustained conditions, breaches, figures and gaps, point by point.
#include "common/judge/replay.h"

#include <algorithm>
#include <cmath>

#include "common/judge/active_rule.h"

namespace baton::judge {
namespace {

void update(Condition& condition, const Evaluation& evaluation, Time time) {
  condition.why = evaluation.why;
  condition.is_too_little = evaluation.is_too_little;
  if (evaluation.truth == Truth::unknown) return;
  condition.observed = evaluation.observed;
  ++condition.known;
  if (evaluation.truth == Truth::no) {
    condition.since.reset();
    condition.samples = 0;
    return;
  }
  if (!condition.since) condition.since = time;
  condition.last = time;
  ++condition.samples;
}

void record_breach(Memory& memory, const Rule& rule, const Condition& condition) {
  const auto same = std::find_if(memory.breaches.rbegin(), memory.breaches.rend(), [&](const Breach& breach) {
    return breach.rule == rule.id && breach.to >= *condition.since;
  });
  if (same == memory.breaches.rend()) {
    memory.breaches.push_back(
        {.rule = rule.id, .from = *condition.since, .to = condition.last, .worst = condition.observed});
    return;
  }
  same->to = condition.last;
  same->worst =
      rule.row.is_drop ? std::min(same->worst, condition.observed) : std::max(same->worst, condition.observed);
}

std::vector<ActiveRule> judged_rules(const Criteria& criteria) {
  std::vector<ActiveRule> active;
  for (const auto& rule : rules()) active.emplace_back(rule, criteria);
  std::erase_if(active, [](const ActiveRule& rule) { return !rule.is_judged(); });
  return active;
}

void apply_rules(std::span<const ActiveRule> rules, std::span<const Point> points, Memory& memory) {
  const Time newest = points.back().time;
  for (const auto& active : rules) {
    auto& condition = memory.conditions[active.rule().id];
    update(condition, active.evaluate(points), newest);
    if (active.holds(condition, newest)) record_breach(memory, active.rule(), condition);
  }
}

void add(Figures& figures, double value, const double* yesterday) {
  figures.sum += value;
  figures.highest = figures.samples == 0 ? value : std::max(figures.highest, value);
  figures.newest = value;
  ++figures.samples;
  if (yesterday == nullptr) return;
  figures.yesterday += *yesterday;
  ++figures.yesterdays;
}

void add_figures(Memory& memory, const Point& point, Duration step) {
  if (point.counts) {
    memory.total.requests += point.counts->requests;
    memory.total.errors += point.counts->errors;
  }
  for (const Metric* metric : metrics()) {
    const auto value = value_at(*metric, point, step);
    if (!value) continue;
    const auto yesterday = point.yesterday.find(std::string(metric->id));
    add(memory.figures[std::string(metric->id)], *value,
        yesterday == point.yesterday.end() ? nullptr : &yesterday->second);
  }
}

void add_gap(Memory& memory, Time time, Duration step) {
  if (!memory.gaps.empty() && memory.gaps.back().second + step >= time) {
    memory.gaps.back().second = time;
  } else {
    memory.gaps.emplace_back(time, time);
  }
}

bool has_seen(const Criteria& criteria, const Memory& memory) {
  if (criteria.reason_against(kErrorRate.id) != nullptr) return !memory.figures.empty();
  return memory.figures.contains(std::string(kRequestRate.id)) || memory.figures.contains(std::string(kErrorRate.id));
}

/// Pods that have just come are not scraped at once: what they count until then is in their first sample. Only where
/// none comes in time nobody watched from the beginning.
void miss(const Criteria& criteria, Time time, Memory& memory) {
  const Duration step = criteria.config.watch().step;
  const bool is_beginning = memory.gaps.empty() && !has_seen(criteria, memory);
  const Duration awaited = memory.samples * step;
  if (is_beginning && awaited <= max_sample_age(criteria.baseline.scraped_every.value_or(kRarestScrape))) {
    ++memory.samples;
    return;
  }
  if (is_beginning && memory.samples > 0) {
    memory.gaps.emplace_back(time - awaited, time - step);
    memory.samples = 0;
  }
  add_gap(memory, time, step);
}

/// Where there is traffic enough for the rules of a few minutes, no more of it is kept.
Duration reach_of(const Metric& metric, const std::vector<Point>& past) {
  constexpr Duration kFewMinutes = std::chrono::minutes(5);
  if (!metric.judged_by_counts) return metric.history;
  double requests = 0;
  for (auto point = past.rbegin(); point != past.rend(); ++point) {
    if (past.back().time - point->time >= kFewMinutes) break;
    requests += point->counts ? point->counts->requests : 0;
  }
  return requests >= kLatencyRequests ? std::min(metric.history, kFewMinutes) : metric.history;
}

/// Six digits are more than a share or a trend can tell apart, and half the length in a handoff.
double rounded(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

/// What rules look back at.
Point kept_of(const Point& point, Duration step) {
  Point kept{.time = point.time, .counts = point.counts, .yesterday = point.yesterday};
  for (const Metric* metric : metrics()) {
    if (metric->history == Duration{0} || point.of(*metric).empty()) continue;
    auto& values = kept.values[std::string(metric->id)];
    values = metric->fold == Fold::buckets ? point.of(*metric) : Values{{"", *value_at(*metric, point, step)}};
    for (auto& [name, value] : values) value = rounded(value);
  }
  return kept;
}

void forget(std::vector<Point>& past, const Metric& metric, Duration reach) {
  for (auto point = past.rbegin(); point != past.rend(); ++point) {
    if (past.back().time - point->time <= reach) continue;
    const auto values = point->values.find(metric.id);
    if (values == point->values.end()) return;
    point->values.erase(values);
  }
}

/// The newest becomes one of the past. What a look finds is the same whether the one before was a moment ago or a day:
/// within one, too, no rule sees more of the past than would have been handed on.
void keep(std::vector<Point>& past, Duration step) {
  past.back() = kept_of(past.back(), step);
  if (past.size() > 1) past[past.size() - 2].yesterday.clear();  // rules ask only for the newest
  const Time newest = past.back().time;
  std::erase_if(past, [&](const Point& point) { return newest - point.time >= kLongestWindow; });
  for (const Metric* metric : metrics()) {
    if (metric->history > Duration{0}) forget(past, *metric, reach_of(*metric, past));
  }
}

}  // namespace

bool is_gap(const Criteria& criteria, const Point& point) {
  if (criteria.reason_against(kErrorRate.id) != nullptr) return point.is_empty();
  return !point.counts && point.of(kErrorRate).empty();
}

void replay(const Criteria& criteria, std::span<const Point> fresh, Memory& memory) {
  const Duration step = criteria.config.watch().step;
  const auto judged = judged_rules(criteria);
  auto& points = memory.tail;
  for (const auto& point : fresh) {
    points.push_back(point);
    memory.judged_until = point.time;
    const bool is_missed = is_gap(criteria, point);
    if (is_missed) {
      miss(criteria, point.time, memory);
    } else {
      ++memory.samples;
      add_figures(memory, point, step);
    }
    apply_rules(judged, points, memory);
    if (is_missed) {
      points.pop_back();
    } else {
      keep(points, step);
    }
  }
}

}  // namespace baton::judge
