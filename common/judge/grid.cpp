// Range answers to grid points; counters to increments.
#include "common/judge/grid.h"

#include <cmath>

namespace baton::judge {
namespace {

using ByPod = std::map<std::string, std::map<Time, double>>;

std::string pod_of(const prometheus::Series& series) {
  const auto label = series.labels.find("pod");
  return label == series.labels.end() ? std::string{} : label->second;
}

/// NaN is what a ratio or a quantile of nothing gives: it is an absence.
ByPod by_pod(const prometheus::Answer& answer) {
  ByPod values;
  for (const auto& series : answer.series) {
    auto& of_pod = values[pod_of(series)];
    for (const auto& sample : series.samples) {
      if (std::isfinite(sample.value)) of_pod[sample.time] = sample.value;
    }
  }
  return values;
}

std::optional<double> value_at(const ByPod& values, const std::string& pod, Time time) {
  const auto series = values.find(pod);
  if (series == values.end()) return std::nullopt;
  const auto sample = series->second.find(time);
  if (sample == series->second.end()) return std::nullopt;
  return sample->second;
}

std::optional<Counts> counts_at(Time time, const ByPod& requests, const ByPod& errors, CountersByPod& counters) {
  std::optional<Counts> counts;
  for (const auto& [pod, series] : requests) {
    const auto total = series.find(time);
    if (total == series.end()) continue;
    auto& last = counters[pod];
    // There is no series of errors before the first one; one that was there and is missing now did not change.
    const double failed = value_at(errors, pod, time).value_or(last.errors);
    if (!counts) counts = Counts{};
    counts->requests += counter_growth(total->second, last.requests);
    counts->errors += counter_growth(failed, last.errors);
    last = {.errors = failed, .requests = total->second};
  }
  return counts;
}

std::map<std::string, double> pods_at(Time time, const ByPod& values) {
  std::map<std::string, double> found;
  for (const auto& [pod, series] : values) {
    if (const auto sample = series.find(time); sample != series.end()) found[pod] = sample->second;
  }
  return found;
}

}  // namespace

double counter_growth(double now, double before) { return now >= before ? now - before : now; }

std::map<Time, double> summed(const prometheus::Answer& answer) {
  std::map<Time, double> sums;
  for (const auto& series : answer.series) {
    for (const auto& sample : series.samples) {
      if (std::isfinite(sample.value)) sums[sample.time] += sample.value;
    }
  }
  return sums;
}

Grid read_grid(prometheus::Client& store, const Queries& queries, const Stretch& stretch, CountersByPod& counters,
               std::stop_token stop) {
  Grid grid;
  const auto read = [&](const std::string& query) {
    auto answer = store.query_range(query, stretch.from, stretch.to, stretch.step, stop);
    grid.warnings.insert(grid.warnings.end(), answer.warnings.begin(), answer.warnings.end());
    return answer;
  };
  const auto requests = by_pod(read(queries.requests));
  const auto errors = by_pod(read(queries.errors));
  const auto latency = summed(read(queries.latency_p95));
  const auto cpu = by_pod(read(queries.cpu));
  const auto memory = by_pod(read(queries.memory));
  for (Time time = stretch.from; time <= stretch.to; time += stretch.step) {
    Point point{.time = time, .counts = counts_at(time, requests, errors, counters)};
    if (const auto found = latency.find(time); found != latency.end()) point.latency_p95 = found->second;
    point.cpu = pods_at(time, cpu);
    point.memory = pods_at(time, memory);
    grid.points.push_back(std::move(point));
  }
  return grid;
}

}  // namespace baton::judge
