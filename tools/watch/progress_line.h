// One line of a watch that goes on: when, how it stands, the numbers against their limits, the next look.
#pragma once

#include <string>

#include "common/cli/log.h"
#include "common/judge/session.h"
#include "tools/watch/phases.h"

namespace baton::watch {

/// "2026-03-01T12:05:00Z intensive phase: healthy; Error Rate 0.5 % (<= 1.5 %), CPU 40 % (<= 80 %); next look at …".
std::string progress_line(const judge::Look& look, const judge::Memory& seen, const Phases& phases, Time now);
/// The same for one row of a terminal, which is cut: "12:05:00 UTC, next look 12:10:00: Error Rate 0.5 % (<= 1.5 %),
/// …".
std::string progress_row(const judge::Look& look, const judge::Memory& seen, Time now, Time next);

/// The row after every look, on a terminal; the line in the phase's rhythm.
class ProgressLines {
 public:
  explicit ProgressLines(Log& log) : log_(log) {}
  void say(const judge::Look& look, const judge::Memory& seen, const Phases& phases, Time now);

 private:
  Log& log_;
  Time next_{};
};

}  // namespace baton::watch
