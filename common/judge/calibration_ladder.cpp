// What is done to a point, and the sizes that are tried.
#include "common/judge/calibration_ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/judge/replay.h"
#include "common/judge/rules.h"

namespace baton::judge {
namespace {

constexpr double kAll = 100;  // percent

Reading* find_in(Point& point, const Metric& metric) {
  const auto found = std::ranges::find(point.readings, &metric, &Reading::metric);
  return found == point.readings.end() || found->is_empty() ? nullptr : &*found;
}

void fail_more(Point& point, const Metric& metric, double points) {
  if (point.counts) {
    const double requests = point.counts->requests;
    point.counts->errors = std::min(requests, point.counts->errors + requests * points / kAll);
  }
  if (auto* own = find_in(point, metric)) own->value = std::min(kAll, *own->value + points);
}

/// Cumulative counts at the edges once every duration takes `factor` times as long: linear within a bucket. How long
/// those behind the last finite edge took nobody knows: there they stay.
Histogram slowed(const Histogram& histogram, double factor) {
  const double total = histogram.total();
  auto edges = histogram.edges();
  for (auto& [edge, count] : edges) {
    if (std::isfinite(edge)) count = total - histogram.slower(edge / factor);
  }
  return Histogram(std::move(edges));
}

void slow_down(Point& point, const Metric& metric, double factor) {
  auto* reading = find_in(point, metric);
  if (reading == nullptr) return;
  if (reading->histogram.edges().empty()) {
    reading->value = *reading->value * factor;
  } else {
    *reading = reading_of_histogram(metric, slowed(reading->histogram, factor));
  }
}

void use_more(Point& point, const Metric& metric, double points) {
  auto* reading = find_in(point, metric);
  if (reading == nullptr) return;
  reading->value = std::min(kAll, *reading->value + points);
  reading->upper_half = std::min(kAll, reading->upper_half + points);
}

void send_less(Point& point, const Metric& metric, double percent) {
  if (auto* reading = find_in(point, metric)) reading->value = *reading->value * (1 - percent / kAll);
}

bool is_of(const Breach& breach, const Metric& metric, Severity severity) {
  const auto* rule = find_rule(breach.rule);
  return rule != nullptr && &rule->metric == &metric && rule->row.severity == severity;
}

Held held_by(const Metric& metric, const Criteria& criteria, std::vector<Point> points) {
  Memory memory;
  replay(criteria, std::move(points), memory);
  const auto holds = [&](Severity severity) {
    return std::ranges::any_of(memory.breaches, [&](const Breach& one) { return is_of(one, metric, severity); });
  };
  return {.critical = holds(Severity::critical), .warning = holds(Severity::warning)};
}

std::vector<Point> first_of(std::span<const Point> points) {
  const auto end =
      std::ranges::find_if(points, [&](const Point& point) { return point.time - points.front().time > kFoundWithin; });
  return {points.begin(), end};
}

}  // namespace

std::span<const Ladder> ladders() {
  static const std::vector<double> kPointsOfUse = {10, 20, 30, 40, 50, 60, 70, 80, 90};
  static const std::vector<Ladder> all = {
      {.metric = "error_rate",
       .before = "+",
       .behind = " points",
       .sizes = {1, 2, 5, 6, 10, 20, 50},
       .worsen = fail_more},
      {.metric = "latency_p95", .before = "x", .sizes = {1.25, 1.5, 2, 3, 5}, .worsen = slow_down},
      {.metric = "request_drop", .before = "-", .behind = " %", .sizes = {30, 50, 70, 100}, .worsen = send_less},
      {.metric = "cpu", .before = "+", .behind = " points", .sizes = kPointsOfUse, .worsen = use_more},
      {.metric = "memory", .before = "+", .behind = " points", .sizes = kPointsOfUse, .worsen = use_more},
  };
  return all;
}

std::string regression_text(const Ladder& ladder, double size) {
  return fmt::format("{}{:g}{}", ladder.before, size, ladder.behind);
}

Held held_in(const Metric& metric, const Criteria& criteria, std::span<const Point> points) {
  return held_by(metric, criteria, first_of(points));
}

Held held_with(const Ladder& ladder, double size, const Criteria& criteria, std::span<const Point> points) {
  const auto& metric = *find_metric(ladder.metric);
  auto worse = first_of(points);
  for (auto& point : worse) ladder.worsen(point, metric, size);
  return held_by(metric, criteria, std::move(worse));
}

}  // namespace baton::judge
