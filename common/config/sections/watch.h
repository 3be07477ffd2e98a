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
  /// How long an error rate over `rollback` must last; four times the limit never waits.
  Duration confirm{0};
  /// What a relative limit never goes below; of latencies.
  Duration floor{0};
};

/// By the metric's id: "error_rate".
using Limits = std::map<std::string, LimitRule, std::less<>>;
/// Every metric that has limits, with the SOP's.
Limits sop_limits();

/// PromQL that the file gives for a metric, by part: "errors", "requests"; a single one has no name. None: the metric
/// is found by itself.
struct OwnQuery {
  std::map<std::string, std::string, std::less<>> parts = {};

  bool operator==(const OwnQuery&) const = default;
};
/// By the metric's id.
using OwnQueries = std::map<std::string, OwnQuery, std::less<>>;

struct MetricConfig {
  OwnQuery query = {};
};
/// By the metric's id, of all that may have a query of their own.
using MetricConfigs = std::map<std::string, MetricConfig, std::less<>>;
MetricConfigs found_metrics();

struct WatchConfig {
  Duration baseline = 1h;
  Duration step = 15s;
  Duration warm_up = 5min;
  PhaseConfig intensive{2h, 5min};
  PhaseConfig passive{22h, 1h};
  bool automatic_rollback = true;
  bool automatic_after_intensive = false;
  Limits limits = sop_limits();
  MetricConfigs metrics = found_metrics();
  std::string calibration = {};  ///< file of baton-watch calibrate; empty: nobody ran it

  /// Of the metrics that the file gives one for.
  OwnQueries own_queries() const;
};

namespace config {
struct Key;
/// The keys of the section.
void add_watch(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
