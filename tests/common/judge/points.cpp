// Points out of what a test says was seen.
#include "tests/common/judge/points.h"

#include <algorithm>
#include <limits>
#include <set>

#include "common/judge/replay.h"

namespace baton::judge::test {

Histogram buckets(double latency, double requests) {
  std::set<double> edges{latency, 0.5, 1, 2.5, 5, 10};
  for (int edge = 1; edge <= 20; ++edge) edges.insert(0.02 * edge);
  const double rate = requests * 1000 / static_cast<double>(kStep.count());
  std::vector<Histogram::Edge> cumulative;
  for (const double edge : edges) {
    const double share = edge <= latency ? 0.95 * edge / latency : std::min(1.0, 0.95 + 0.05 * (edge / latency - 1));
    cumulative.emplace_back(edge, rate * share);
  }
  cumulative.emplace_back(std::numeric_limits<double>::infinity(), rate);
  return Histogram(std::move(cumulative));
}

Time time_of_point(std::size_t index) {
  static const Time kFirst = *parse_rfc3339("2026-03-01T12:00:00Z");
  return kFirst + static_cast<int>(index) * kStep;
}

std::vector<Point> points(const std::vector<Seen>& seen) {
  std::vector<Point> all;
  for (const auto& one : seen) {
    Point point{.time = time_of_point(all.size())};
    if (!one.is_gap) {
      if (one.counts_requests)
        point.counts = Counts{.errors = one.errors * one.requests / 100, .requests = one.requests};
      const Metric& drop = *find_metric("request_drop");
      if (one.latency) point.readings.push_back(reading_of_histogram(kLatencyP95, buckets(*one.latency, one.requests)));
      if (one.of_all) point.readings.push_back({.metric = &drop, .value = *one.of_all});
      point.readings.push_back(reading_of_pods(*find_metric("cpu"), one.cpu));
      point.readings.push_back(reading_of_pods(*find_metric("memory"), one.memory));
      if (one.yesterday_of_all) point.yesterday.emplace_back(&drop, *one.yesterday_of_all);
      if (one.yesterday) point.yesterday.emplace_back(&kLatencyP95, *one.yesterday);
    }
    all.push_back(std::move(point));
  }
  return all;
}

std::vector<Seen> followed_by(std::vector<Seen> first, std::size_t count, const Seen& then) {
  first.insert(first.end(), count, then);
  return first;
}

Baseline baseline() {
  Baseline known{.from = time_of_point(0) - std::chrono::hours(1),
                 .to = time_of_point(0),
                 .pods = {"shop-blue-1"},
                 .source = source()};
  known.metrics["error_rate"] = {.value = 0.5, .requests = 7'200'000, .errors = 36'000};
  known.metrics["latency_p95"] = {.value = 0.1};
  known.metrics["request_rate"] = {.value = 2000};
  known.metrics["request_drop"] = {.value = 200};
  known.metrics["cpu"] = {.value = 40};
  known.metrics["memory"] = {.value = 50};
  return known;
}

RequestSource source() {
  return {.counter = "http_requests_total",
          .status = "status",
          .failed = "5..",
          .buckets = "http_request_duration_seconds_bucket"};
}

Memory remembered(const Criteria& criteria, const std::vector<Seen>& seen) {
  Memory memory;
  replay(criteria, points(seen), memory);
  return memory;
}

}  // namespace baton::judge::test
