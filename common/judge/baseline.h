// What the metrics were before the switch: measured once, carried in handoffs.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "common/clients/prometheus/client.h"
#include "common/config/config.h"
#include "common/judge/metric.h"

namespace baton::judge {

/// What one metric was before the switch, in the store's unit: percent, seconds, requests per second.
struct MetricBaseline {
  std::optional<double> value = {};  ///< nothing: the series were absent
  double requests = 0;               ///< seen in the stretch; BaselineKind::counted only
  double errors = 0;                 ///< likewise
  /// BaselineKind::with_day: the 99th percentile of the day before, whoever served; nothing where the store does not
  /// know of a day. BaselineKind::mean: the highest mean over the pods in the stretch.
  std::optional<double> peak = {};
  /// The histogram's edges that the value lies between: what rises no further cannot be told. For people; not handed
  /// on.
  std::optional<std::pair<double, double>> bucket = {};
  /// BaselineKind::mean: what the mean over the pods did not fall below for five minutes, at its highest.
  std::optional<double> held = {};
  /// BaselineKind::with_day: since when the day before is known. For people; not handed on.
  std::optional<Time> known_since = {};
  std::string query = {};  ///< with {{pods}} left open: Baseline::pods
  std::string why = {};    ///< of no value, for people; not handed on
  bool is_silent = false;  ///< no value since no traffic came, though the series are there; likewise
};

struct Baseline {
  Time from{};
  Time to{};
  std::vector<std::string> pods = {};  ///< what {{pods}} stands for in the queries
  /// Whose series count requests: watch judges by what precheck showed. Nothing: none was found, or an older version
  /// did not look.
  std::optional<RequestSource> source = {};
  std::string why_no_source = {};  ///< for people; not handed on
  OwnQueries own = {};             ///< the configuration's own, with all their placeholders
  /// Between two scrapes, of the metric that is scraped most rarely. Nothing: not known.
  std::optional<Duration> scraped_every = {};
  std::map<std::string, MetricBaseline, std::less<>> metrics = {};  ///< by id

  /// Null where the metric has no value.
  const MetricBaseline* find(const Metric& metric) const;
};
Json to_json(const Baseline& baseline);
/// Also of handoffs whose queries name every pod, and which have no list of them.
Baseline baseline_from_json(const Json& json);

/// What is usual of a gauge by pod, from a range answer of it: its mean, its peak, and the highest that it held.
MetricBaseline usual(const prometheus::Answer& answer);

/// How the colour's numbers are asked for, by what the baseline found.
QueryTerms terms_for(const Config& config, const Scope& scope, const Baseline& baseline,
                     PodNames pods = PodNames::filled_in);

/// Reads the stretch of `watch.baseline` that ends at `at`. Throws Error{unknown} when the store cannot be asked;
/// absent series are nothing, not an error.
Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          std::stop_token stop = {});
/// The same over a stretch of its own.
Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          Duration stretch, std::stop_token stop);

}  // namespace baton::judge
