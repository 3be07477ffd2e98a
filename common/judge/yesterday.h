// What the numbers were a day before at the hour that is judged, whoever had the traffic then.
#pragma once

#include <stop_token>
#include <vector>

#include "common/clients/prometheus/client.h"
#include "common/judge/criteria.h"
#include "common/judge/grid.h"

namespace baton::judge {

inline constexpr Duration kDay = std::chrono::hours(24);

/// Completes points, ascending, of metrics whose baseline has a day: the metric's value over the stretch of
/// `watch.baseline` around the same time a day before, read every five minutes. Where the store knows nothing of that
/// day they stay as they are. Throws Error{unknown} when it cannot be asked, or answers partly.
void add_yesterday(std::vector<Point>& points, prometheus::Client& store, const Criteria& criteria, const Scope& scope,
                   const std::stop_token& stop);

}  // namespace baton::judge
