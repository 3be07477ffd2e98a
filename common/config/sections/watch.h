// `watch:` how the release is judged.
#pragma once

#include <optional>
#include <vector>

#include "common/core/units.h"

namespace baton {

using namespace std::chrono_literals;

struct PhaseConfig {
  Duration length{0};
  Duration every{0};
};

struct LimitRule {
  std::optional<Limit> warn = {};
  std::optional<Limit> rollback = {};
  Duration sustained{
      0};  ///< the `for` of the rule the SOP gives it to: warn of rates and latencies, rollback of resources
};

struct WatchConfig {
  Duration baseline = 1h;
  Duration step = 15s;
  PhaseConfig intensive{2h, 5min};
  PhaseConfig passive{22h, 1h};
  bool automatic_rollback = true;
  bool automatic_after_intensive = false;
  LimitRule error_rate{Limit{Limit::Kind::plus_points, 1}, Limit{Limit::Kind::plus_points, 5}, 5min};
  LimitRule latency_p95{Limit{Limit::Kind::plus_share, 20}, Limit{Limit::Kind::plus_share, 100}, 10min};
  LimitRule cpu{Limit{Limit::Kind::above, 80}, Limit{Limit::Kind::above, 95}, 5min};
  LimitRule memory{Limit{Limit::Kind::above, 85}, Limit{Limit::Kind::above, 95}, 5min};
};

namespace config {
struct Key;
/// The keys of the section.
void add_watch(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
