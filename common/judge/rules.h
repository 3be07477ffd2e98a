// The SOP's Step 3 rules, two a metric: what is measured, against which limit, for how long, and what follows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/config/sections/watch.h"
#include "common/judge/criteria.h"
#include "common/judge/grid.h"

namespace baton::judge {

enum class Severity { warning, critical };

/// What one rule says of one point of the grid.
enum class Truth { no, yes, unknown };

struct Evaluation {
  Truth truth = Truth::unknown;
  double observed = 0;   ///< in the store's unit
  std::string why = {};  ///< of unknown
};

/// All that a rule may look at: the points up to the one judged, oldest first, and what they are judged by.
struct RuleInput {
  std::span<const Point> points;
  const Criteria& criteria;
};

struct Rule {
  std::string id;  ///< "error-rate-critical"
  const Metric& metric;
  Severity severity;

  const RuleRow& row() const { return severity == Severity::critical ? metric.critical : metric.warning; }
  /// The limit of its severity; nothing when the configuration took it away.
  std::optional<Limit> limit(const Config& config) const;
  /// How long it must be true, sample by sample.
  Duration sustained(const Config& config) const;
};

/// Of every metric that has rules; critical ones first, in the table's order within each.
std::span<const Rule> rules();
/// Null for an id of none.
const Rule* find_rule(std::string_view id);

/// Errors and requests of the time before the switch. Where nobody counted them: as if nothing had failed, so that a
/// bad release is found all the same, and one within its limit of nothing is within its limit of anything.
Counts before_switch(const Baseline& baseline);

/// What `limit` means in the store's unit; nothing where it needs a baseline that there is not. Points are counted
/// from zero then.
std::optional<double> threshold_of(const Rule& rule, const Limit& limit, const Baseline& baseline);

/// Counts of the newest points: `shortest` back, and further until `enough` requests were seen, but no further than
/// kLongestWindow.
Counts newest_counts(std::span<const Point> points, Duration shortest, double enough);

/// Requests a point must have behind it before its 95th percentile says anything: five samples above the quantile.
inline constexpr double kLatencyRequests = 100;

/// Error rates are judged over two reads, or as far back as it takes to have seen enough requests, but no further.
inline constexpr Duration kLongestWindow = std::chrono::minutes(5);

}  // namespace baton::judge
