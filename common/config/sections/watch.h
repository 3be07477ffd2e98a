// `watch:` how the release is judged.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
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
  /// The `for` of the rule the SOP gives it to: warn of rates and latencies, rollback of resources.
  Duration sustained{0};
};

/// By the metric's id: "error_rate".
using Limits = std::map<std::string, LimitRule, std::less<>>;
/// Every metric that has limits, with the SOP's.
Limits sop_limits();

struct WatchConfig {
  Duration baseline = 1h;
  Duration step = 15s;
  PhaseConfig intensive{2h, 5min};
  PhaseConfig passive{22h, 1h};
  bool automatic_rollback = true;
  bool automatic_after_intensive = false;
  Limits limits = sop_limits();
};

namespace config {
struct Key;
/// The keys of the section.
void add_watch(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
