// Hooks.
#include "common/config/sections/hooks.h"

#include <algorithm>

#include "common/config/section.h"

namespace baton::config {

void add_hooks(std::vector<Key>& all) {
  const auto at = [](auto& config) -> auto& { return config.hooks(); };
  const Section stages(all, "hooks.", at, {"switch"});
  const Section back(all, "hooks.", at, {"switch", "watch"});
  // Who may set a job's variables runs no programs with them, and takes no gate away.
  stages
      .key("before_stage", "Commands and URLs before each stage gets its share of the traffic",
           &HooksConfig::before_stage)
      .is_guard = true;
  stages.key("after_stage", "The same after each stage stayed healthy", &HooksConfig::after_stage).is_guard = true;
  const auto are_short = [](const std::vector<Hook>& hooks) {
    return std::ranges::none_of(hooks, [](const Hook& hook) { return hook.deadline > HooksConfig::kRollbackInAll; });
  };
  back.key("before_rollback", "The same before a rollback, which none of them stops", &HooksConfig::before_rollback,
           {.holds = are_short, .expected = "deadlines of at most 15s: users wait"})
      .is_guard = true;
}

}  // namespace baton::config

namespace baton {

std::string name_of(const Hook& hook) {
  if (hook.is_filled) return "***";
  return hook.command.empty() ? redact(hook.to.url) : hook.command;
}

}  // namespace baton
