// Stages.
#include "tools/switch/stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/rollout/strategy.h"

namespace baton::cutover {

std::vector<Stage> stages_of(const SwitchConfig& config) {
  std::vector<Stage> stages;
  if (config.strategy == rollout::kCanary) {
    // As much longer as the soak may take.
    const auto hold_max =
        config.canary.hold * std::max(1.0, 1.0 * config.soak_max / std::max<Duration>(config.soak, 1ms));
    for (const auto& step : config.canary.steps)
      stages.push_back({.name = step,
                        .share = percent_in(step),
                        .hold = config.canary.hold,
                        .hold_max = std::chrono::duration_cast<Duration>(hold_max)});
    stages.pop_back();
  }
  stages.push_back({.name = "100%", .hold = config.soak, .hold_max = std::max(config.soak, config.soak_max)});
  return stages;
}

int pods_for(int share, int live) {
  if (share >= kAll) return live;
  return std::max(1, static_cast<int>(std::lround(1.0 * live * share / (kAll - share))));
}

void require_stage(const SwitchConfig& config, const std::string& until) {
  if (until.empty()) return;
  std::vector<std::string> names{std::string(kReady)};
  for (const auto& stage : stages_of(config)) names.push_back(stage.name);
  if (std::ranges::find(names, until) != names.end()) return;
  throw Error(ExitCode::usage, fmt::format("--until: there is no stage '{}'", until),
              fmt::format("The stages of {} are: {}.", config.strategy, join(names, ", ")));
}

}  // namespace baton::cutover
