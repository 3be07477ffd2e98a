// Range answers to grid points; counters to increments.
#include "common/judge/grid.h"

#include <cmath>

#include "common/core/error.h"

namespace baton::judge {
namespace {

using ByPod = std::map<std::string, std::map<Time, double>>;

std::string pod_of(const prometheus::Series& series) {
  const auto label = series.labels.find("pod");
  return label == series.labels.end() ? std::string{} : label->second;
}

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

std::map<Time, Values> by_time(const prometheus::Answer& answer, Fold fold) {
  std::map<Time, Values> at;
  for (const auto& series : answer.series) {
    for (const auto& sample : series.samples) {
      if (!std::isfinite(sample.value)) continue;
      if (fold == Fold::sum) {
        at[sample.time][""] += sample.value;
      } else {
        at[sample.time][pod_of(series)] = sample.value;
      }
    }
  }
  return at;
}

std::optional<double> value_at(const ByPod& values, const std::string& pod, Time time) {
  const auto series = values.find(pod);
  if (series == values.end()) return std::nullopt;
  const auto sample = series->second.find(time);
  if (sample == series->second.end()) return std::nullopt;
  return sample->second;
}

/// Where a pod's counters stood before `time`: what it had counted before anybody looked is no growth.
Counts& counters_of(const std::string& pod, CountersByPod& counters, bool is_first_point, const Counts& now) {
  return counters.try_emplace(pod, is_first_point ? now : Counts{}).first->second;
}

std::optional<Counts> counts_at(Time time, bool is_first_point, const ByPod& requests, const ByPod& errors,
                                CountersByPod& counters) {
  std::optional<Counts> counts;
  for (const auto& [pod, series] : requests) {
    const auto total = series.find(time);
    if (total == series.end()) continue;
    const auto failed_now = value_at(errors, pod, time);
    auto& last = counters_of(pod, counters, is_first_point, {failed_now.value_or(0), total->second});
    // There is no series of errors before the first one; one that was there and is missing now did not change.
    const double failed = failed_now.value_or(last.errors);
    if (!counts) counts = Counts{};
    counts->requests += counter_growth(total->second, last.requests);
    counts->errors += counter_growth(failed, last.errors);
    last = {.errors = failed, .requests = total->second};
  }
  return counts;
}

void add_counts(std::vector<Point>& points, const Answers& answers, CountersByPod& counters) {
  const auto requests = by_pod(answers.requests);
  const auto errors = by_pod(answers.errors);
  for (auto& point : points)
    point.counts = counts_at(point.time, &point == &points.front(), requests, errors, counters);
}

void add_values(std::vector<Point>& points, const Metric& metric, const prometheus::Answer& answer) {
  auto at = by_time(answer, metric.fold);
  for (auto& point : points) {
    if (const auto found = at.find(point.time); found != at.end())
      point.values.emplace(metric.id, std::move(found->second));
  }
}

}  // namespace

const Values& Point::of(const Metric& metric) const {
  static const Values none;
  const auto found = values.find(metric.id);
  return found == values.end() ? none : found->second;
}

double counter_growth(double now, double before) { return now >= before ? now - before : now; }

Answers read_answers(prometheus::Client& store, const QueryTerms& terms, const Stretch& stretch,
                     const std::stop_token& stop) {
  const auto read = [&](const std::string& query) {
    auto answer = store.query_range(query, stretch.from, stretch.to, stretch.step, stop);
    prometheus::require_whole(answer);
    return answer;
  };
  Answers answers;
  if (!terms.source.counter.empty()) {
    answers.requests = read(requests_query(terms));
    answers.errors = read(errors_query(terms));
  }
  for (const Metric* metric : metrics()) {
    const auto query = is_read(*metric) ? metric->query(terms) : "";
    if (!query.empty()) answers.metrics.emplace(metric->id, read(query));
  }
  return answers;
}

std::vector<Point> points_of(const Answers& answers, const Stretch& stretch, CountersByPod& counters) {
  std::vector<Point> points;
  for (Time time = stretch.from; time <= stretch.to; time += stretch.step) points.push_back({.time = time});
  add_counts(points, answers, counters);
  for (const Metric* metric : metrics()) {
    if (const auto answer = answers.metrics.find(metric->id); answer != answers.metrics.end())
      add_values(points, *metric, answer->second);
  }
  return points;
}

}  // namespace baton::judge
