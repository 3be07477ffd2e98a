// The SOP's Step 3 rules, a metric's each: what is measured, against which limit, for how long, and what follows.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/config/sections/watch.h"
#include "common/judge/criteria.h"
#include "common/judge/grid.h"

namespace baton::judge {

/// What one rule says of one point of the grid.
enum class Truth { no, yes, unknown };

struct Evaluation {
  Truth truth = Truth::unknown;
  double observed = 0;         ///< in the store's unit
  std::string why = {};        ///< of unknown
  bool is_too_little = false;  ///< of unknown: the store has what there is, and more traffic would tell
};

/// All that a rule may look at: the points up to the one judged, oldest first, and what they are judged by.
struct RuleInput {
  std::span<const Point> points;
  const Criteria& criteria;
  bool is_single = false;  ///< the metric is a number of the configuration's own query, read as it stands
};

struct Rule {
  std::string id;  ///< "error-rate-critical"
  const Metric& metric;
  const RuleRow& row;

  bool is_critical() const { return row.severity == Severity::critical; }
  /// The limit of its severity, as far as it is this rule's; nothing when the configuration took it away.
  std::optional<Limit> limit(const Config& config) const;
  /// How long it must be true, sample by sample.
  Duration sustained(const Criteria& criteria) const;
};

/// Of every metric that has rules; critical ones first, in the table's order within each.
std::span<const Rule> rules();
/// Null for an id of none.
const Rule* find_rule(std::string_view id);

/// Errors and requests of the time before the switch. Where nobody counted them: as if nothing had failed, so that a
/// bad release is found all the same, and one within its limit of nothing is within its limit of anything.
Counts before_switch(const Baseline& baseline);

struct Threshold {
  double value = 0;   ///< in the store's unit
  std::string basis;  ///< what it was made of: "baseline +100%"; empty of a number that was configured
};
/// What `limit` means by what was before the switch; nothing where it needs a baseline that there is not. Points are
/// counted from zero then.
std::optional<Threshold> threshold_of(const Rule& rule, const Limit& limit, const Criteria& criteria);

/// What is left of a number that may drop so far.
double left_after(const Limit& drop, double before);
/// What the limit makes of a baseline, for people: "+100%", "-50%".
std::string change_text(const Rule& rule, const Limit& limit);

/// The normal quantile that a bound is taken at. A critical rule acts on one look, and spends its error over all looks;
/// a warning is confirmed by every sample of its `for`. Who looks further back looks more often, and at the same
/// requests.
double confidence(const Rule& rule, bool is_further);

/// Whether `counts` decide; of more than the shortest stretch `is_further` is true.
using IsEnough = std::function<bool(const Counts& counts, bool is_further)>;
struct Reached {
  Counts counts = {};
  bool is_enough = false;
};
/// Counts of the newest points: `shortest` back, and further until they are enough, but no further than kLongestWindow.
Reached newest_counts(std::span<const Point> points, Duration shortest, const IsEnough& is_enough);

/// The points, newest first, whose windows do not overlap, no further back than kLongestWindow: of each the store told
/// the rates over the `window` that ends there. Until `visit` wants no more.
void for_each_window(std::span<const Point> points, Duration window, const std::function<bool(const Point&)>& visit);

/// Fewer failed requests than this decide nothing (decisions 7).
inline constexpr double kFewestErrors = 5;

/// Requests that a 95th percentile must have behind it to say that all is well: five samples above the quantile.
inline constexpr double kLatencyRequests = 100;

/// Error rates are judged over two reads, or as far back as it takes to tell, but no further.
inline constexpr Duration kLongestWindow = std::chrono::minutes(30);

}  // namespace baton::judge
