// Which phase a moment belongs to.
#include "tools/watch/phases.h"

#include <algorithm>

namespace baton::watch {

Phase Phases::at(Time now) const {
  if (now < intensive_end()) return Phase::intensive;
  return now < end() ? Phase::passive : Phase::over;
}

Duration Phases::every(Time now) const {
  return at(now) == Phase::intensive ? config.intensive.every : config.passive.every;
}

Time Phases::next_look(Time now) const {
  switch (at(now)) {
    case Phase::intensive:
      return std::min(now + config.intensive.every, intensive_end());
    case Phase::passive:
      return std::min(now + config.passive.every, end());
    case Phase::over:
      return now;
  }
  return now;
}

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::intensive:
      return "intensive";
    case Phase::passive:
      return "passive";
    case Phase::over:
      return "over";
  }
  return "over";
}

}  // namespace baton::watch
