// The watched metrics as a table: reading, baselines, rules and report lines are loops over it.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/core/measured.h"
#include "common/core/time.h"
#include "common/judge/queries.h"

namespace baton::judge {

struct Point;  // common/judge/grid.h
struct Rule;   // common/judge/rules.h, as the next two
struct RuleInput;
struct Evaluation;

/// Values stay in the store's unit; people read them times `factor`, with `symbol` behind: latencies in ms.
struct Unit {
  double factor = 1;
  std::string_view symbol = {};
};

/// What becomes of the answer to a metric's query at one point of the grid.
enum class Fold {
  failed_share,  ///< none of its own: the failed ones of the requests the point counts, in percent
  request_rate,  ///< none of its own: the requests the point counts, by the second
  sum,           ///< one number, all series added up
  by_pod,        ///< a number a pod
  buckets,       ///< rates by upper edge (`le`), in the store's seconds; of a single own query one number
};

/// How it is known what was normal before the switch.
enum class BaselineKind {
  counted,   ///< what the two counters of requests grew by
  with_day,  ///< over the whole stretch; of the day before the 99th percentile, and each hour when it is judged
  mean,      ///< of the stretch's points
};

enum class Sustained {
  at_once,
  as_confirmed,   ///< at once, or for `confirm` below four times the limit
  one_window,     ///< until two reads that do not overlap said so: one alone is mostly noise (decisions 31)
  ten_minutes,    ///< the slow lane's
  as_configured,  ///< `for`, sample by sample
};

enum class Severity { warning, critical };

/// A limit of a metric, as it is applied.
struct RuleRow {
  std::string_view name = {};  ///< "critical": the rule's id is the metric's with it
  Severity severity = Severity::warning;
  std::string_view sop = {};
  std::string_view title = {};
  Sustained sustained = Sustained::as_configured;
  /// What it says of the newest point; `threshold` is in the store's unit.
  Evaluation (*evaluate)(const Rule&, const RuleInput&, double threshold) = nullptr;
  double of_limit = 1;             ///< the share of the configured limit that it is held against
  double over_peak = 0;            ///< times yesterday's 99th percentile it must also be over
  bool is_drop = false;            ///< its limit is how many percent less there may be
  std::string_view expected = {};  ///< what it asks for, where that is no number
};

/// One row: common/judge/metrics/. A metric with rules has its limits in common/config/sections/watch.cpp.
struct Metric {
  std::string_view id;       ///< "error_rate": in handoffs, under watch.limits and precheck.not_applicable
  std::string_view heading;  ///< in reports: "Error Rate"
  Unit unit = {};
  /// Empty where there is no such series to ask for. Null: only the configuration can tell how to ask.
  std::string (*query)(const QueryTerms&) = nullptr;
  /// What is read at each step where that is more than the number shown; likewise.
  std::string (*reading)(const QueryTerms&) = nullptr;
  /// Whose newest samples must be fresh, where the query also reads what changes rarely; null: all that it reads.
  std::string (*sampled)(const QueryTerms&) = nullptr;
  std::string_view own = {};      ///< what is asked of a single query of the configuration's own, QUERY
  bool is_of_all = false;         ///< of all colours, not of the one that is judged
  bool judged_by_counts = false;  ///< a single number says too little for a rollback
  Fold fold = Fold::sum;
  BaselineKind baseline = BaselineKind::mean;
  Duration history{0};  ///< how far back its rules look: of pods at their mean
  /// None: the metric is shown and not judged.
  std::array<RuleRow, 3> rules = {};
};

/// In the order of reports.
std::span<const Metric* const> metrics();

/// Null for an id of none.
const Metric* find_metric(std::string_view id);

// The ones that more than their own rules ask for.
extern const Metric kErrorRate;
extern const Metric kLatencyP95;
extern const Metric kRequestRate;

/// Whether its query is read at every step of the grid: what is no matter of the two counters.
bool is_read(const Metric& metric, const QueryTerms& terms);
/// The one number that a point has of the metric, in the store's unit; of one that was read, what was read.
std::optional<double> value_at(const Metric& metric, const Point& point, Duration step);
/// A value in the unit people read it in: 5.5 %, 125 ms.
Measured measured(const Metric& metric, double value);

}  // namespace baton::judge
