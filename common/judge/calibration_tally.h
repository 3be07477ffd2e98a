// Windows of a history, counted one by one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/judge/calibration.h"
#include "common/judge/calibration_ladder.h"
#include "common/judge/criteria.h"
#include "common/judge/grid.h"

namespace baton::judge {

/// A window that was read: its points, what they were judged by, and what came of them.
struct ReadWindow {
  const Criteria& criteria;
  std::span<const Point> points;
  const Memory& memory;
  std::string why_unknown = {};  ///< why it could not be judged as a whole; empty: it was
};

class CalibrationTally {
 public:
  /// A row for each rule, and for each severity of a metric's limits, that is judged by `criteria`, also where no
  /// window comes.
  explicit CalibrationTally(const Criteria& criteria);

  void add_unknown(Time from, std::string why);
  /// A breach counts wherever it was seen; that a rule was not breached counts only in a window that could be judged.
  void add(Time from, const ReadWindow& window);
  /// Windows in ascending order, whatever order they came in.
  Calibration finished() &&;

 private:
  void add_rules(const ReadWindow& window);
  void add_soak(const ReadWindow& window);
  void add_detections(const ReadWindow& window);
  /// Of the ladder's metric: what could be judged. What holds by itself finds no regression.
  std::vector<Detection*> open_to(const Ladder& ladder, const ReadWindow& window);

  Calibration counted_ = {};
};

}  // namespace baton::judge
