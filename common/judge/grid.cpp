// Range answers to grid points; counters to increments.
#include "common/judge/grid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "common/judge/own_query.h"
#include "common/judge/scrapes.h"

namespace baton::judge {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

std::string pod_of(const prometheus::Series& series) {
  const auto label = series.labels.find("pod");
  return label == series.labels.end() ? std::string{} : label->second;
}

/// One number a point, or none.
using Row = std::vector<double>;

class Grid {
 public:
  explicit Grid(const Stretch& stretch)
      : stretch_(stretch), size_(static_cast<std::size_t>((stretch.to - stretch.from) / stretch.step + 1)) {}

  std::size_t size() const { return size_; }
  Time time(std::size_t at) const { return stretch_.from + static_cast<Duration::rep>(at) * stretch_.step; }

  /// Calls `take` with the place and value of every sample that lies on the grid and is a number.
  template <typename Take>
  void lay(const prometheus::Series& series, const Take& take) const {
    for (const auto& sample : series.samples) {
      const auto at = static_cast<std::size_t>((sample.time - stretch_.from) / stretch_.step);
      const bool is_on_grid = sample.time >= stretch_.from && at < size_ && time(at) == sample.time;
      if (is_on_grid && std::isfinite(sample.value)) take(at, sample.value);
    }
  }
  Row& row_in(std::map<std::string, Row>& rows, const std::string& name) const {
    return rows.try_emplace(name, size_, kAbsent).first->second;
  }
  std::map<std::string, Row> by_pod(const prometheus::Answer& answer) const {
    std::map<std::string, Row> rows;
    for (const auto& series : answer.series)
      lay(series, [&row = row_in(rows, pod_of(series))](std::size_t at, double value) { row[at] = value; });
    return rows;
  }

 private:
  const Stretch& stretch_;
  std::size_t size_;
};

void add_to(double& sum, double value) { sum = std::isnan(sum) ? value : sum + value; }

/// What a pod's counters grew by; nothing where that cannot be told.
std::optional<Counts> growth_of(const std::string& pod, const Counts& now, const Counts& last) {
  const bool fell = now.requests < last.requests || now.errors < last.errors;
  if (pod.empty() && fell) return std::nullopt;
  return Counts{.errors = counter_growth(now.errors, last.errors),
                .requests = counter_growth(now.requests, last.requests)};
}

/// Lays the two counters over the grid.
class Counting {
 public:
  Counting(const Answers& answers, const Grid& grid, CountersByPod& counters)
      : errors_may_be_blind_(answers.errors_may_be_blind),
        stale_(grid.by_pod(answers.stale)),
        nameless_(stale_.find("")),
        counters_(counters) {
    auto errors = grid.by_pod(answers.errors);
    for (auto& [pod, requests] : grid.by_pod(answers.requests)) {
      Pod one{.name = pod, .requests = std::move(requests)};
      if (const auto failed = errors.find(pod); failed != errors.end()) one.errors = failed->second;
      if (const auto stale = stale_.find(pod); stale != stale_.end()) one.stale = &stale->second;
      if (const auto known = counters_.find(pod); known != counters_.end()) one.last = &known->second;
      pods_.push_back(std::move(one));
    }
    if (errors_may_be_blind_) errors_seen_ = std::move(errors);
  }

  std::optional<Counts> at(std::size_t at) {
    std::optional<Counts> counts;
    const bool is_blind = errors_may_be_blind_ && !sees_errors(at);
    for (auto& pod : pods_) {
      if (std::isnan(pod.requests[at])) continue;
      const auto grown = take(pod, at, is_blind || is_stale(pod, at));
      if (!grown) continue;
      if (!counts) counts = Counts{};
      counts->requests += grown->requests;
      counts->errors += grown->errors;
    }
    return counts;
  }

 private:
  struct Pod {
    std::string name;
    Row requests;
    Row errors = {};             ///< none: it had no series of them
    const Row* stale = nullptr;  ///< null: it was fresh throughout
    Counts* last = nullptr;      ///< in the counters; null: it was never seen

    double errors_at(std::size_t at, double otherwise) const {
      return errors.empty() || std::isnan(errors[at]) ? otherwise : errors[at];
    }
  };

  bool sees_errors(std::size_t at) const {
    return std::ranges::any_of(errors_seen_, [&](const auto& pod) { return !std::isnan(pod.second[at]); }) ||
           std::ranges::any_of(counters_, [](const auto& pod) { return pod.second.errors > 0; });
  }
  bool is_stale(const Pod& pod, std::size_t at) const {
    const bool is_each = nameless_ != stale_.end() && !std::isnan(nameless_->second[at]);
    return is_each || (pod.stale != nullptr && !std::isnan((*pod.stale)[at]));
  }
  /// What the pod's counters grew by; nothing where that cannot be told, or is not to be counted. What it had counted
  /// before anybody looked, or by the time that it is first seen uncountable, is no growth either.
  std::optional<Counts> take(Pod& pod, std::size_t at, bool is_uncounted) {
    const Counts first{.errors = pod.errors_at(at, 0), .requests = pod.requests[at]};
    if (pod.last == nullptr)
      pod.last = &counters_.try_emplace(pod.name, at == 0 || is_uncounted ? first : Counts{}).first->second;
    if (is_uncounted) return std::nullopt;
    // There is no series of errors before the first one; one that was there and is missing now did not change.
    const Counts now{.errors = pod.errors_at(at, pod.last->errors), .requests = pod.requests[at]};
    const auto grown = growth_of(pod.name, now, *pod.last);
    *pod.last = now;
    return grown;
  }

  bool errors_may_be_blind_;
  std::map<std::string, Row> stale_;
  std::map<std::string, Row>::const_iterator nameless_;  ///< where the store says that nothing at all is fresh
  CountersByPod& counters_;
  std::vector<Pod> pods_ = {};
  std::map<std::string, Row> errors_seen_ = {};
};

void add_pods(std::vector<Point>& points, const Metric& metric, const prometheus::Answer& answer, const Grid& grid) {
  const auto pods = grid.by_pod(answer);
  for (std::size_t at = 0; at < points.size(); ++at) {
    std::vector<double> values;
    for (const auto& [name, row] : pods) {
      if (!std::isnan(row[at])) values.push_back(row[at]);
    }
    points[at].readings.push_back(reading_of_pods(metric, std::move(values)));
  }
}

void add_sums(std::vector<Point>& points, const Metric& metric, const prometheus::Answer& answer, const Grid& grid) {
  Row sums(grid.size(), kAbsent);
  for (const auto& series : answer.series)
    grid.lay(series, [&](std::size_t at, double value) { add_to(sums[at], value); });
  for (std::size_t at = 0; at < points.size(); ++at) {
    Reading reading{.metric = &metric};
    if (!std::isnan(sums[at])) reading.value = sums[at];
    points[at].readings.push_back(std::move(reading));
  }
}

void add_histograms(std::vector<Point>& points, const Metric& metric, const Answers& answers,
                    const prometheus::Answer& answer, const Grid& grid) {
  std::map<double, Row> by_edge;
  for (const auto& series : answer.series) {
    const auto le = series.labels.find("le");
    const auto edge = le == series.labels.end() ? std::nullopt : parse_edge(le->second);
    if (!edge) continue;
    auto& row = by_edge.try_emplace(*edge / answers.edges_per_second, grid.size(), kAbsent).first->second;
    grid.lay(series, [&](std::size_t at, double value) { add_to(row[at], value); });
  }
  for (std::size_t at = 0; at < points.size(); ++at) {
    std::vector<Histogram::Edge> edges;
    edges.reserve(by_edge.size());
    for (const auto& [edge, row] : by_edge) {
      if (!std::isnan(row[at])) edges.emplace_back(edge, row[at]);
    }
    points[at].readings.push_back(reading_of_histogram(metric, Histogram(std::move(edges))));
  }
}

bool has_edges(const prometheus::Answer& answer) {
  return std::ranges::any_of(answer.series, [](const auto& series) { return series.labels.contains("le"); });
}

}  // namespace

Reading reading_of_pods(const Metric& metric, std::vector<double> values) {
  Reading reading{.metric = &metric, .pods = values.size()};
  if (values.empty()) return reading;
  reading.value = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  const auto lowest_of_half = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, lowest_of_half);
  reading.upper_half = *lowest_of_half;
  return reading;
}

Reading reading_of_histogram(const Metric& metric, Histogram histogram) {
  auto value = histogram.quantile(0.95);
  return {.metric = &metric, .value = value, .histogram = std::move(histogram)};
}

const Reading* Point::find(const Metric& metric) const {
  const auto found = std::ranges::find(readings, &metric, &Reading::metric);
  return found == readings.end() ? nullptr : &*found;
}

std::optional<double> Point::day_before(const Metric& metric) const {
  for (const auto& [known, value] : yesterday) {
    if (known == &metric) return value;
  }
  return std::nullopt;
}

bool Point::is_empty() const { return !counts && std::ranges::all_of(readings, &Reading::is_empty); }

double counter_growth(double now, double before) { return now >= before ? now - before : now; }

Answers read_answers(prometheus::Client& store, const QueryTerms& terms, const Stretch& stretch,
                     const std::stop_token& stop) {
  const auto read = [&](const std::string& query) {
    if (query.empty()) return prometheus::Answer{};
    auto answer = store.query_range(query, stretch.from, stretch.to, stretch.step, stop);
    prometheus::require_whole(answer);
    return answer;
  };
  Answers answers{.errors_may_be_blind = has_own_errors(terms), .edges_per_second = edges_per_second(terms)};
  if (const auto requests = requests_query(terms); !requests.empty()) {
    answers.requests = read(requests);
    answers.errors = read(errors_query(terms));
    answers.stale = read(stale_samples_query(requests, stretch.max_age));
  }
  for (const Metric* metric : metrics()) {
    const auto query = is_read(*metric, terms) ? fresh_reading_of(*metric, terms, stretch.max_age) : "";
    if (!query.empty()) answers.metrics.emplace_back(metric, read(query));
  }
  return answers;
}

std::vector<Point> points_of(const Answers& answers, const Stretch& stretch, CountersByPod& counters) {
  const Grid grid(stretch);
  std::vector<Point> points(grid.size());
  Counting counting(answers, grid, counters);
  for (std::size_t at = 0; at < points.size(); ++at) {
    points[at].time = grid.time(at);
    points[at].counts = counting.at(at);
    points[at].readings.reserve(answers.metrics.size());
  }
  for (const auto& [metric, answer] : answers.metrics) {
    if (metric->fold == Fold::by_pod) {
      add_pods(points, *metric, answer, grid);
    } else if (metric->fold == Fold::buckets && has_edges(answer)) {
      add_histograms(points, *metric, answers, answer, grid);
    } else {
      add_sums(points, *metric, answer, grid);
    }
  }
  return points;
}

}  // namespace baton::judge
