// Points, baselines and conditions that a test writes down: nothing of it comes from a store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/judge/criteria.h"
#include "common/judge/grid.h"
#include "common/judge/memory.h"

namespace baton::judge::test {

inline constexpr Duration kStep = std::chrono::seconds(15);

/// What one step of the grid saw.
struct Seen {
  double errors = 0.5;  ///< percent of the requests
  double requests = 3000;
  std::optional<double> latency = 0.1;  ///< seconds
  std::vector<double> cpu = {40};       ///< a pod's each
  std::vector<double> memory = {50};
  bool counts_requests = true;
  bool is_gap = false;
  std::optional<double> of_all = 200;           ///< requests a second, of all colours
  std::optional<double> yesterday = {};         ///< latency, in seconds
  std::optional<double> yesterday_of_all = {};  ///< requests a second
};

/// Rates by upper edge, every 20 ms and a few above, whose 95th percentile is `latency` seconds to the digit.
Histogram buckets(double latency, double requests = 3000);
/// 12:00:00, one a step from then on.
std::vector<Point> points(const std::vector<Seen>& seen);
Time time_of_point(std::size_t index);
/// `first`, then `count` times `then`.
std::vector<Seen> followed_by(std::vector<Seen> first, std::size_t count, const Seen& then);
inline std::vector<Seen> times(std::size_t count, const Seen& seen) { return followed_by({}, count, seen); }

/// 0.5 % of 7.2 million requests failed, P95 100 ms, CPU 40 %, memory 50 %.
Baseline baseline();
/// http_requests_total by status, http_request_duration_seconds.
RequestSource source();
Memory remembered(const Criteria& criteria, const std::vector<Seen>& seen);

}  // namespace baton::judge::test
