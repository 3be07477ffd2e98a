// The SOP's monitoring phases: 2 hours intensive, 22 hours passive, counted from the proved switch.
#pragma once

#include "common/config/config.h"
#include "common/config/sections/watch.h"

namespace baton::watch {

enum class Phase { intensive, passive, over };

struct Phases {
  Time start;  ///< the proved switch
  const WatchConfig& config;

  Time intensive_end() const { return start + config.intensive.length; }
  Time end() const { return intensive_end() + config.passive.length; }
  Phase at(Time now) const;
  /// The rhythm of the phase; the last one's where the window is over.
  Duration every(Time now) const;
  /// When the next look is due by the phase's rhythm; never after the end of its phase.
  Time next_look(Time now) const;
};

std::string_view phase_name(Phase phase);

}  // namespace baton::watch
