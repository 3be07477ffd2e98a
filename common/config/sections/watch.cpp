// Rhythm and limits.
#include "common/config/sections/watch.h"

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton::config {
namespace {

/// Seconds and percentage points do not add up, and a latency is no share of anything but its own baseline.
Check<std::optional<Limit>> share() {
  return {[](const std::optional<Limit>& value) { return value && value->kind == Limit::Kind::plus_share; },
          "a share of the baseline such as +20%"};
}

void add_phase(std::vector<Key>& all, const std::string& prefix, auto at) {
  const Section phase(all, prefix, at, {"watch"});
  phase.key("for", "Length of the phase", &PhaseConfig::length);
  phase.key("every", "Rhythm of its report", &PhaseConfig::every, positive());
}

void add_limits(std::vector<Key>& all, const std::string& prefix, auto at,
                const Check<std::optional<Limit>>& check = {}) {
  const Section rule(all, prefix, at, {"switch", "watch"});
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
  add_limits(
      all, "watch.limits.error_rate.", [](auto& config) -> auto& { return config.watch().error_rate; });
  add_limits(
      all, "watch.limits.latency_p95.", [](auto& config) -> auto& { return config.watch().latency_p95; }, share());
  add_limits(
      all, "watch.limits.cpu.", [](auto& config) -> auto& { return config.watch().cpu; });
  add_limits(
      all, "watch.limits.memory.", [](auto& config) -> auto& { return config.watch().memory; });
}

}  // namespace baton::config
