// What the store answered for one colour, laid on a grid of steps: what the rules are judged on.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/clients/prometheus/client.h"
#include "common/judge/metric.h"
#include "common/judge/proportions.h"
#include "common/judge/scrapes.h"

namespace baton::judge {

/// Where each pod's two counters stood when they were seen last.
using CountersByPod = std::map<std::string, Counts>;
/// By pod, or by upper edge of a histogram; one under the empty name where a metric is no pod's and has no edges.
using Values = std::map<std::string, double>;

/// One step of the grid. What the store had nothing for is nothing, never zero.
struct Point {
  Time time{};
  /// Requests that came since the point before, over all pods.
  std::optional<Counts> counts = {};
  /// By the metric's id, in the store's unit; empty where it was asked for and not seen.
  std::map<std::string, Values, std::less<>> values = {};
  /// By the metric's id, in the store's unit: over the same hour a day before, all colours.
  Values yesterday = {};

  /// What was seen of the metric; empty: nothing.
  const Values& of(const Metric& metric) const;
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
  std::map<std::string, prometheus::Answer, std::less<>> metrics = {};  ///< by id, of those that are read
  /// When each had its newest sample: by the same ids, and of the two counters under kRequestCounters. None of what is
  /// read without braces: it is taken for fresh.
  std::map<std::string, NewestSamples, std::less<>> newest = {};
  bool errors_may_be_blind = false;  ///< no series of errors is not yet no error
  double edges_per_second = 1;       ///< the unit of the found histogram's edges
};

/// Asks for all of `stretch`. Throws Error{unknown} when the store cannot be asked or answers partly.
Answers read_answers(prometheus::Client& store, const QueryTerms& terms, const Stretch& stretch,
                     const std::stop_token& stop);

/// The answers as points, ascending, one a step, also where nothing was seen. `counters` are what was seen last before
/// it and become what was seen last in it. Of a pod that was never seen the first value is where it starts, where it
/// was there from the stretch's first point on, else zero: it began within. A counter that fell was restarted; one
/// of no pod in particular may have lost one, and what came meanwhile is not known. NaN and infinities, what a ratio or
/// a quantile of nothing gives, are absences; so is what the store repeats of samples that are too old.
std::vector<Point> points_of(const Answers& answers, const Stretch& stretch, CountersByPod& counters);

/// What a counter grew by; one that fell began anew.
double counter_growth(double now, double before);

}  // namespace baton::judge
