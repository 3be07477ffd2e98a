// Sustained conditions, breaches, figures and gaps, point by point.
#include "common/judge/replay.h"

#include <algorithm>

#include "common/judge/active_rule.h"

namespace baton::judge {
namespace {

void update(Condition& condition, const Evaluation& evaluation, Time time) {
  condition.why = evaluation.why;
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
  same->worst = std::max(same->worst, condition.observed);
}

void apply_rules(const Criteria& criteria, std::span<const Point> points, Memory& memory) {
  const Time newest = points.back().time;
  for (const auto& rule : rules()) {
    const ActiveRule active(rule, criteria);
    if (!active.is_judged()) continue;
    auto& condition = memory.conditions[rule.id];
    update(condition, active.evaluate(points), newest);
    if (active.holds(condition, newest)) record_breach(memory, rule, condition);
  }
}

void add(Figures& figures, double value) {
  figures.sum += value;
  figures.highest = figures.samples == 0 ? value : std::max(figures.highest, value);
  figures.newest = value;
  ++figures.samples;
}

void add_figures(Memory& memory, const Point& point, Duration step) {
  if (point.counts) {
    memory.total.requests += point.counts->requests;
    memory.total.errors += point.counts->errors;
  }
  for (const Metric* metric : metrics()) {
    if (const auto value = value_at(*metric, point, step)) add(memory.figures[std::string(metric->id)], *value);
  }
}

/// Nobody watched where what is judged first of all was not seen: whether requests fail.
bool is_gap(const Criteria& criteria, const Point& point) {
  if (criteria.reason_against(kErrorRate.id) != nullptr) return point.is_empty();
  return !point.counts && point.of(kErrorRate).empty();
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

/// The points a window may reach back to, from what the memory kept.
std::vector<Point> past_points(const Memory& memory) {
  std::vector<Point> points;
  for (const auto& past : memory.tail) points.push_back({.time = past.time, .counts = past.counts});
  return points;
}

void keep_tail(Memory& memory, const Point& point) {
  if (point.counts) memory.tail.push_back({.time = point.time, .counts = *point.counts});
  while (!memory.tail.empty() && point.time - memory.tail.front().time >= kLongestWindow) memory.tail.pop_front();
}

}  // namespace

void replay(const Criteria& criteria, std::span<const Point> fresh, Memory& memory) {
  const Duration step = criteria.config.watch().step;
  auto points = past_points(memory);
  for (const auto& point : fresh) {
    points.push_back(point);
    memory.judged_until = point.time;
    if (is_gap(criteria, point)) {
      miss(criteria, point.time, memory);
    } else {
      ++memory.samples;
      add_figures(memory, point, step);
      keep_tail(memory, point);
    }
    apply_rules(criteria, points, memory);
  }
}

}  // namespace baton::judge
