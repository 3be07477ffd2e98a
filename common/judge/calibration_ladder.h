// Regressions of known size, put into points that were recorded: which of a metric's limits find them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/judge/criteria.h"
#include "common/judge/grid.h"
#include "common/judge/metric.h"

namespace baton::judge {

/// A regression that is not found by then counts as not found.
inline constexpr Duration kFoundWithin = std::chrono::minutes(30);

/// How a metric becomes worse, smallest regression first.
struct Ladder {
  std::string_view metric;
  std::string_view before = {};  ///< in front of a size and behind it: "+5 points"
  std::string_view behind = {};
  std::vector<double> sizes;
  /// Puts one regression into the point.
  void (*worsen)(Point& point, const Metric& metric, double size) = nullptr;
};
/// One a metric that is judged, in the order of reports.
std::span<const Ladder> ladders();
/// "+5 points", "x2", "-50 %".
std::string regression_text(const Ladder& ladder, double size);

/// Which severities of a metric's limits held.
struct Held {
  bool critical = false;
  bool warning = false;
  bool operator==(const Held&) const = default;
};
/// Whether the metric's limits hold within kFoundWithin of the first point, as the points are.
Held held_in(const Metric& metric, const Criteria& criteria, std::span<const Point> points);
/// The same with a regression of `size` in every point. Shares of requests are exact, not drawn: luck has no part in
/// it.
Held held_with(const Ladder& ladder, double size, const Criteria& criteria, std::span<const Point> points);

}  // namespace baton::judge
