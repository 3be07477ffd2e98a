// What the store answered for one colour, laid on a grid of steps: what the rules are judged on.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/clients/prometheus/client.h"
#include "common/judge/baseline.h"
#include "common/judge/proportions.h"
#include "common/judge/queries.h"

namespace baton::judge {

/// Where each pod's two counters stood when they were seen last.
using CountersByPod = std::map<std::string, Counts>;

/// One step of the grid. What the store had nothing for is nothing, never zero.
struct Point {
  Time time{};
  std::optional<Counts> counts = {};          ///< that came since the point before, over all pods
  std::optional<double> latency_p95 = {};     ///< seconds
  std::map<std::string, double> cpu = {};     ///< percent by pod
  std::map<std::string, double> memory = {};  ///< percent by pod
};

struct Stretch {
  Time from{};  ///< first point
  Time to{};    ///< last point, if it lies on the grid
  Duration step{};
};

struct Grid {
  std::vector<Point> points;          ///< ascending, one a step, also where nothing was seen
  std::vector<std::string> warnings;  ///< of the store: the answers are partial
};

/// Reads all of `stretch`. `counters` are what was seen last before it and become what was seen last in it; a pod that
/// was never seen counts from zero, a counter that fell was restarted. Throws Error{unknown} when the store cannot be
/// asked.
Grid read_grid(prometheus::Client& store, const Queries& queries, const Stretch& stretch, CountersByPod& counters,
               std::stop_token stop);

/// What a counter grew by; one that fell began anew.
double counter_growth(double now, double before);

/// The whole answer as one series of sums over its series, by time.
std::map<Time, double> summed(const prometheus::Answer& answer);

}  // namespace baton::judge
