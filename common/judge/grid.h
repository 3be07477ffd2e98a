// What the store answered for one colour, laid on a grid of steps: what the rules are judged on.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "common/clients/prometheus/client.h"
#include "common/judge/histogram.h"
#include "common/judge/metric.h"
#include "common/judge/proportions.h"

namespace baton::judge {

/// Where each pod's two counters stood when they were seen last.
using CountersByPod = std::map<std::string, Counts>;
/// What was seen of one metric at one point, in the store's unit.
struct Reading {
  const Metric* metric = nullptr;
  /// The one number that is shown: of pods their mean, of a histogram its 95th percentile. Nothing: none was seen.
  std::optional<double> value = {};
  double upper_half = 0;  ///< of pods: the lowest of the higher half of them, the middle one of an odd number among it
  std::size_t pods = 0;
  Histogram histogram = {};  ///< rates

  bool is_empty() const { return !value && histogram.edges().empty(); }
};
/// `values` are a pod's each, in an order that is always the same: it decides on the last digit of their mean.
Reading reading_of_pods(const Metric& metric, std::vector<double> values);
Reading reading_of_histogram(const Metric& metric, Histogram histogram);

/// One step of the grid. What the store had nothing for is nothing, never zero.
struct Point {
  Time time{};
  /// Requests that came since the point before, over all pods.
  std::optional<Counts> counts = {};
  /// Of the metrics that were asked for; empty ones where nothing was seen.
  std::vector<Reading> readings = {};
  /// In the store's unit: over the same hour a day before, all colours.
  std::vector<std::pair<const Metric*, double>> yesterday = {};

  /// Null: it was not asked for.
  const Reading* find(const Metric& metric) const;
  std::optional<double> day_before(const Metric& metric) const;
  bool is_empty() const;
};

struct Stretch {
  Time from{};  ///< first point
  Time to{};    ///< last point, if it lies on the grid
  Duration step{};
  Duration max_age = Duration::max();  ///< a point sees no sample that is older
};

/// What the store said of a stretch.
struct Answers {
  prometheus::Answer requests = {};
  prometheus::Answer errors = {};
  prometheus::Answer stale = {};  ///< what stale_samples_query() gave of the counters
  std::vector<std::pair<const Metric*, prometheus::Answer>> metrics = {};  ///< of those that are read
  bool errors_may_be_blind = false;                                        ///< no series of errors is not yet no error
  double edges_per_second = 1;                                             ///< the unit of the found histogram's edges
};

/// Asks for all of `stretch`. Throws Error{unknown} when the store cannot be asked or answers partly.
Answers read_answers(prometheus::Client& store, const QueryTerms& terms, const Stretch& stretch,
                     const std::stop_token& stop);

/// The answers as points, ascending, one a step, also where nothing was seen. `counters` are what was seen last before
/// it and become what was seen last in it. Of a pod that was never seen the first value is where it starts, where it
/// was there from the stretch's first point on, else zero: it began within. A counter that fell was restarted; one
/// of no pod in particular may have lost one, and what came meanwhile is not known. NaN and infinities, what a ratio or
/// a quantile of nothing gives, are absences; so are counters that the store repeats from samples that are too old.
std::vector<Point> points_of(const Answers& answers, const Stretch& stretch, CountersByPod& counters);

/// What a counter grew by; one that fell began anew.
double counter_growth(double now, double before);

}  // namespace baton::judge
