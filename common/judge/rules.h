// The SOP's Step 3 rules as a table: what is measured, against which limit, for how long, and what follows.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/config/sections/watch.h"
#include "common/judge/grid.h"

namespace baton::judge {

enum class Severity { warning, critical };

/// What one rule says of one point of the grid.
enum class Truth { no, yes, unknown };

struct Sighting {
  Truth truth = Truth::unknown;
  double observed = 0;   ///< in the metric's unit
  std::string why = {};  ///< of unknown
};

/// All that a rule may look at: the points up to the one judged, oldest first, and the time before the switch.
struct View {
  std::span<const Point> points;
  const Baseline& baseline;
  const Config& config;
};

struct Rule {
  std::string_view id;  ///< "error-rate-critical"
  std::string_view metric;
  std::string_view sop;
  std::string_view title;
  std::string_view unit;
  Severity severity = Severity::warning;
  const LimitRule WatchConfig::*limits = nullptr;
  /// How long it must be true, sample by sample.
  Duration (*sustained)(const Config&, const LimitRule&) = nullptr;
  Sighting (*see)(const Rule&, const View&, double threshold) = nullptr;

  /// The limit of its severity; nothing when the configuration took it away.
  std::optional<Limit> limit(const Config& config) const;
};

/// Critical rules first; the order of the report within each.
std::span<const Rule> rules();

/// Errors and requests of the time before the switch. Where nobody counted them: as if nothing had failed, so that a
/// bad release is found all the same, and one within its limit of nothing is within its limit of anything.
Counts before_switch(const Baseline& baseline);
bool has_baseline(const Baseline& baseline, std::string_view metric);

/// What `limit` means in the metric's unit; nothing where it needs a baseline that there is not. Points are counted
/// from zero then.
std::optional<double> threshold_of(const Rule& rule, const Limit& limit, const Baseline& baseline);

/// Requests a point must have behind it before its 95th percentile says anything: five samples above the quantile.
inline constexpr double kLatencyRequests = 100;

/// Error rates are judged over the last rate_window(), or as far back as it takes to have seen enough requests, but no
/// further.
inline constexpr Duration kLongestWindow = std::chrono::minutes(5);

}  // namespace baton::judge
