// Rhythm and limits.
#include "common/config/sections/watch.h"

#include <array>

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton {
namespace {

struct MetricLimits {
  std::string_view metric;
  LimitRule limits = {};
  /// Seconds and percentage points do not add up, and a latency is no share of anything but its own baseline.
  bool are_shares = false;
};

constexpr Limit plus_points(double points) { return {.kind = Limit::Kind::plus_points, .value = points}; }
constexpr Limit plus_share(double percent) { return {.kind = Limit::Kind::plus_share, .value = percent}; }
constexpr Limit above(double percent) { return {.kind = Limit::Kind::above, .value = percent}; }

/// SOP step 3, "Automatic Rollback Triggers" and the warnings of 3a. A row here is a metric's three keys under
/// watch.limits; its rules are in common/judge/metrics/.
constexpr std::array kLimits = {
    MetricLimits{.metric = "error_rate",
                 .limits = {.warn = plus_points(1), .rollback = plus_points(5), .sustained = 5min}},
    MetricLimits{.metric = "latency_p95",
                 .limits = {.warn = plus_share(20), .rollback = plus_share(100), .sustained = 10min},
                 .are_shares = true},
    MetricLimits{.metric = "cpu", .limits = {.warn = above(80), .rollback = above(95), .sustained = 5min}},
    MetricLimits{.metric = "memory", .limits = {.warn = above(85), .rollback = above(95), .sustained = 5min}},
};

}  // namespace

Limits sop_limits() {
  Limits limits;
  for (const auto& row : kLimits) limits.emplace(row.metric, row.limits);
  return limits;
}

namespace config {
namespace {

Check<std::optional<Limit>> share() {
  return {[](const std::optional<Limit>& value) { return value && value->kind == Limit::Kind::plus_share; },
          "a share of the baseline such as +20%"};
}

void add_phase(std::vector<Key>& all, const std::string& prefix, auto at) {
  const Section phase(all, prefix, at, {"watch"});
  phase.key("for", "Length of the phase", &PhaseConfig::length);
  phase.key("every", "Rhythm of its report", &PhaseConfig::every, positive());
}

void add_limits(std::vector<Key>& all, const MetricLimits& row) {
  const std::string metric(row.metric);
  const auto at = [metric](auto& config) -> auto& { return config.watch().limits.at(metric); };
  const auto check = row.are_shares ? share() : Check<std::optional<Limit>>{};
  const Section rule(all, "watch.limits." + metric + ".", at, {"switch", "watch"});
  rule.key("warn", "Over it: a warning", &LimitRule::warn, check);
  rule.key("rollback", "Over it: rolled back", &LimitRule::rollback, check);
  rule.key("for", "How long it must be over it", &LimitRule::sustained);
}

}  // namespace

void add_watch(std::vector<Key>& all) {
  const auto at = [](auto& config) -> auto& { return config.watch(); };
  const Section read(all, "watch.", at, {"precheck", "switch", "watch"});
  const Section section(all, "watch.", at, {"watch"});
  read.key("baseline", "Stretch before the switch that limits are set against", &WatchConfig::baseline, positive());
  read.key("step", "How finely every range is read and judged", &WatchConfig::step,
           within<Duration>(1s, 5min, "a duration from 1s to 5m"));
  add_phase(
      all, "watch.intensive.", [](auto& config) -> auto& { return config.watch().intensive; });
  add_phase(
      all, "watch.passive.", [](auto& config) -> auto& { return config.watch().passive; });
  section.either("rollback", "Who rolls back in the intensive phase", &WatchConfig::automatic_rollback, "automatic",
                 "manual");
  section.either("rollback_after_intensive", "Who rolls back after it", &WatchConfig::automatic_after_intensive,
                 "automatic", "manual");
  for (const auto& row : kLimits) add_limits(all, row);
}

}  // namespace config
}  // namespace baton
