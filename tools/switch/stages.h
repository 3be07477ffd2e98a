// A strategy as data: the stages of a move.
#pragma once

#include <string>
#include <vector>

#include "common/config/sections/switch.h"
#include "common/rollout/move.h"

namespace baton::cutover {

using rollout::kAll;
inline constexpr std::string_view kReady = "ready";  ///< the stage before any traffic: the next colour is up and smoked

struct Stage {
  std::string name;   ///< "25%", as --until takes it
  int share = kAll;   ///< percent of the traffic that the next colour gets
  Duration hold;      ///< how long it is judged, at least
  Duration hold_max;  ///< and when too few requests came
};

/// In order; the last one has all of the traffic.
std::vector<Stage> stages_of(const SwitchConfig& config);

/// How many pods give the next colour its share beside `live` others, as nearly as pods can; one at least. Of all
/// traffic: as many.
int pods_for(int share, int live);

/// Throws Error{usage} naming the stages there are, when `until` is none of them; empty: to the end.
void require_stage(const SwitchConfig& config, const std::string& until);

}  // namespace baton::cutover
