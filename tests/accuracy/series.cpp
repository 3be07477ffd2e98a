// What the product is told of a window: rates of a histogram, growth of counters, usage of pods.
#include "tests/accuracy/series.h"

#include <algorithm>
#include <cmath>

#include "common/judge/histogram.h"
#include "common/judge/scrapes.h"

namespace baton::accuracy {
namespace {

constexpr std::size_t kHour = 1h / kStep;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

/// Of the pods that are up; nothing where none is.
std::optional<double> mean_of(const std::vector<double>& values) {
  double sum = 0;
  double up = 0;
  for (const double value : values) {
    if (std::isfinite(value)) sum += value, ++up;
  }
  return up > 0 ? std::optional(sum / up) : std::nullopt;
}

}  // namespace

Time switched_at() {
  static const Time at = *parse_rfc3339("2026-03-01T12:00:00Z");
  return at;
}

judge::Histogram Series::rates(std::size_t from, std::size_t to) const {
  std::vector<judge::Histogram::Edge> edges;
  const double lasted = seconds(kStep) * static_cast<double>(to - from);
  for (std::size_t edge = 0; edge < edges_.size(); ++edge)
    edges.emplace_back(edges_[edge], (histograms_[to][edge] - histograms_[from][edge]) / lasted);
  return judge::Histogram(std::move(edges));
}

judge::Counts Series::counts(std::size_t from, std::size_t to) const {
  return {.errors = counters_[to].errors - counters_[from].errors,
          .requests = counters_[to].requests - counters_[from].requests};
}

std::optional<double> Series::p95(std::size_t from, std::size_t to) const { return rates(from, to).quantile(0.95); }

bool Series::is_stale(std::size_t point) const {
  return static_cast<int>(point - scraped_[point]) * kStep > judge::max_sample_age(world_.scraped_every);
}

std::size_t Series::first_scrape(std::size_t point) const {
  const auto apart = static_cast<std::size_t>(world_.scraped_every / kStep);
  const std::size_t newest = point / apart * apart;
  // Four scrapes are in a rate's window: three stretches between them.
  std::size_t first = newest > 4 * apart ? newest - 3 * apart : apart;
  while (first < newest && scraped_[first] != first) first += apart;
  return first;
}

Seen Series::seen(Duration from, Duration to) const {
  const auto cell_at = [&](Duration at) {
    if (at >= Duration{0}) return kOld + scraped_[static_cast<std::size_t>(at / kStep)];
    return static_cast<std::size_t>((at + kBefore) / world_.scraped_every * world_.scraped_every / kStep);
  };
  const auto first = cell_at(from);
  const auto last = cell_at(to);
  Seen seen;
  if (last > first) seen = {.counts = counts(first, last), .p95 = p95(first, last)};
  if (to < Duration{0} || is_stale(static_cast<std::size_t>(to / kStep))) return seen;
  seen.cpu = mean_of(cpu_[last - kOld]);
  seen.memory = mean_of(memory_[last - kOld]);
  return seen;
}

judge::Baseline Series::baseline() const {
  judge::Baseline baseline{.from = switched_at() - 1h, .to = switched_at()};
  baseline.source =
      judge::RequestSource{.counter = "requests_total", .status = "code", .failed = "5..", .buckets = "seconds_bucket"};
  baseline.scraped_every = world_.scraped_every;
  const auto seen = counts(kOld - kHour, kOld);
  baseline.metrics["error_rate"] = {.requests = seen.requests, .errors = seen.errors};
  if (seen.requests > 0) baseline.metrics["error_rate"].value = seen.percent();
  auto& latency = baseline.metrics["latency_p95"];
  latency.value = p95(kOld - kHour, kOld);
  if (!world_.is_young) {
    std::vector<double> day;
    for (std::size_t at = kHour + 4; at <= kOld; at += 4) {
      if (const auto value = p95(at - 4, at)) day.push_back(*value);
    }
    std::ranges::sort(day);
    if (!day.empty()) latency.peak = day[std::min(day.size() - 1, day.size() * 99 / 100)];
  }
  baseline.metrics["request_rate"] = {.value = seen.requests / seconds(1h)};
  baseline.metrics["request_drop"] = {.value = seen.requests / seconds(1h)};
  baseline.metrics["cpu"] = {.value = world_.cpu};
  baseline.metrics["memory"] = {.value = world_.memory + world_.memory_saw / 2,
                                .peak = world_.memory + world_.memory_saw,
                                .held = world_.memory + world_.memory_saw * (1 - seconds(5min) / seconds(20min))};
  return baseline;
}

void Series::add_yesterday(judge::Point& point, std::size_t at) const {
  constexpr std::size_t kFiveMinutes = 5min / kStep;
  const std::size_t middle = kOld + at / kFiveMinutes * kFiveMinutes - 24h / kStep;
  const auto [from, to] = std::pair(middle - kHour / 2, middle + kHour / 2);
  if (const auto latency = p95(from, to)) point.yesterday.emplace_back(&judge::kLatencyP95, *latency);
  point.yesterday.emplace_back(judge::find_metric("request_drop"), counts(from, to).requests / seconds(1h));
}

std::vector<judge::Point> Series::points() const {
  std::vector<judge::Point> points;
  std::size_t last = 0;
  for (std::size_t at = 0; at <= kNew; ++at) {
    judge::Point point{.time = switched_at() + static_cast<int>(at) * kStep};
    if (is_stale(at)) {
      points.push_back(std::move(point));
      continue;
    }
    const std::size_t scraped = scraped_[at];
    point.counts = counts(kOld + last, kOld + scraped);
    const std::size_t first = first_scrape(at);
    if (scraped > first) {
      const double lasted = seconds(kStep) * static_cast<double>(scraped - first);
      point.readings.push_back({.metric = judge::find_metric("request_drop"),
                                .value = counts(kOld + first, kOld + scraped).requests / lasted});
    }
    last = scraped;
    if (scraped > first && histograms_[kOld + scraped].back() > histograms_[kOld + first].back())
      point.readings.push_back(reading_of_histogram(judge::kLatencyP95, rates(kOld + first, kOld + scraped)));
    if (!world_.is_young) add_yesterday(point, at);
    for (const auto& [metric, of_pods] : {std::pair("cpu", &cpu_[at]), std::pair("memory", &memory_[at])}) {
      auto values = *of_pods;
      std::erase_if(values, [](double value) { return !std::isfinite(value); });
      point.readings.push_back(judge::reading_of_pods(*judge::find_metric(metric), std::move(values)));
    }
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace baton::accuracy
