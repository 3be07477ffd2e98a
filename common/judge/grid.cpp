// Range answers to grid points; counters to increments.
#include "common/judge/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/core/error.h"
#include "common/judge/histogram.h"
#include "common/judge/own_query.h"

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

std::string edge_in_seconds(const std::string& le, double per_second) {
  const auto edge = per_second == 1 ? std::nullopt : parse_edge(le);
  return edge && std::isfinite(*edge) ? fmt::format("{}", *edge / per_second) : le;
}

/// What a series' values stand under: its pod, its edge, or nothing in particular.
std::string key_of(const prometheus::Series& series, Fold fold, double per_second) {
  if (fold == Fold::by_pod) return pod_of(series);
  const auto le = series.labels.find("le");
  return fold != Fold::buckets || le == series.labels.end() ? "" : edge_in_seconds(le->second, per_second);
}

std::map<Time, Values> by_time(const prometheus::Answer& answer, Fold fold, double per_second) {
  std::map<Time, Values> at;
  for (const auto& series : answer.series) {
    const auto key = key_of(series, fold, per_second);
    for (const auto& sample : series.samples) {
      if (!std::isfinite(sample.value)) continue;
      if (fold == Fold::by_pod) {
        at[sample.time][key] = sample.value;
      } else {
        at[sample.time][key] += sample.value;
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

/// What a pod's counters grew by; nothing where that cannot be told.
std::optional<Counts> growth_of(const std::string& pod, const Counts& now, const Counts& last) {
  const bool fell = now.requests < last.requests || now.errors < last.errors;
  if (pod.empty() && fell) return std::nullopt;
  return Counts{.errors = counter_growth(now.errors, last.errors),
                .requests = counter_growth(now.requests, last.requests)};
}

/// Null: nothing tells how old the samples are.
const NewestSamples* newest_of(const Answers& answers, std::string_view id) {
  const auto found = answers.newest.find(id);
  return found == answers.newest.end() ? nullptr : &found->second;
}

/// Lays the two counters over the grid.
class Counting {
 public:
  Counting(const Answers& answers, const Stretch& stretch, CountersByPod& counters)
      : requests_(by_pod(answers.requests)),
        errors_(by_pod(answers.errors)),
        newest_(newest_of(answers, kRequestCounters)),
        errors_may_be_blind_(answers.errors_may_be_blind),
        stretch_(stretch),
        counters_(counters) {}

  std::optional<Counts> at(Time time) {
    std::optional<Counts> counts;
    const bool is_blind = errors_may_be_blind_ && !sees_errors(time);
    for (const auto& [pod, series] : requests_) {
      const auto total = series.find(time);
      if (total == series.end()) continue;
      if (is_blind || !is_fresh(pod, time)) {
        // What it had counted by then is no growth either, when it is seen again.
        counters_.try_emplace(pod,
                              Counts{.errors = value_at(errors_, pod, time).value_or(0), .requests = total->second});
        continue;
      }
      const auto grown = take(pod, time, total->second);
      if (!grown) continue;
      if (!counts) counts = Counts{};
      counts->requests += grown->requests;
      counts->errors += grown->errors;
    }
    return counts;
  }

 private:
  bool sees_errors(Time time) const {
    return std::ranges::any_of(errors_, [&](const auto& pod) { return pod.second.contains(time); }) ||
           std::ranges::any_of(counters_, [](const auto& pod) { return pod.second.errors > 0; });
  }
  bool is_fresh(const std::string& pod, Time time) const {
    return newest_ == nullptr || newest_->is_fresh(pod, time, stretch_.max_age);
  }
  std::optional<Counts> take(const std::string& pod, Time time, double total) {
    const auto failed_now = value_at(errors_, pod, time);
    auto& last = counters_of(pod, counters_, time == stretch_.from, {failed_now.value_or(0), total});
    // There is no series of errors before the first one; one that was there and is missing now did not change.
    const Counts now{.errors = failed_now.value_or(last.errors), .requests = total};
    const auto grown = growth_of(pod, now, last);
    last = now;
    return grown;
  }

  ByPod requests_;
  ByPod errors_;
  const NewestSamples* newest_;
  bool errors_may_be_blind_;
  const Stretch& stretch_;
  CountersByPod& counters_;
};

void add_values(std::vector<Point>& points, const Metric& metric, const Answers& answers, Duration max_age) {
  const auto answer = answers.metrics.find(metric.id);
  if (answer == answers.metrics.end()) return;
  const auto* newest = newest_of(answers, metric.id);
  auto at = by_time(answer->second, metric.fold, answers.edges_per_second);
  for (auto& point : points) {
    auto& values = point.values[std::string(metric.id)] = std::move(at[point.time]);
    if (newest == nullptr) continue;
    std::erase_if(values, [&](const auto& pod) { return !newest->is_fresh(pod.first, point.time, max_age); });
  }
}

}  // namespace

const Values& Point::of(const Metric& metric) const {
  static const Values none;
  const auto found = values.find(metric.id);
  return found == values.end() ? none : found->second;
}

double counter_growth(double now, double before) { return now >= before ? now - before : now; }

bool Point::is_empty() const {
  return !counts && std::ranges::all_of(values, [](const auto& metric) { return metric.second.empty(); });
}

Answers read_answers(prometheus::Client& store, const QueryTerms& terms, const Stretch& stretch,
                     const std::stop_token& stop) {
  const auto read = [&](const std::string& query) {
    auto answer = store.query_range(query, stretch.from, stretch.to, stretch.step, stop);
    prometheus::require_whole(answer);
    return answer;
  };
  Answers answers{.errors_may_be_blind = has_own_errors(terms), .edges_per_second = edges_per_second(terms)};
  const auto read_newest = [&](std::string_view id, const std::string& query) {
    const auto newest = newest_samples_query(query);
    if (!newest.empty()) answers.newest.emplace(id, read(newest));
  };
  if (const auto requests = requests_query(terms); !requests.empty()) {
    answers.requests = read(requests);
    answers.errors = read(errors_query(terms));
    read_newest(kRequestCounters, requests);
  }
  for (const Metric* metric : metrics()) {
    const auto query = is_read(*metric, terms) ? reading_of(*metric, terms) : "";
    if (query.empty()) continue;
    answers.metrics.emplace(metric->id, read(query));
    read_newest(metric->id, sampled_of(*metric, terms));
  }
  return answers;
}

std::vector<Point> points_of(const Answers& answers, const Stretch& stretch, CountersByPod& counters) {
  std::vector<Point> points;
  Counting counting(answers, stretch, counters);
  for (Time time = stretch.from; time <= stretch.to; time += stretch.step)
    points.push_back({.time = time, .counts = counting.at(time)});
  for (const Metric* metric : metrics()) add_values(points, *metric, answers, stretch.max_age);
  return points;
}

}  // namespace baton::judge
