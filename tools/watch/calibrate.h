// calibrate: how often the rules are wrong on this application's own history, and what they would find.
#pragma once

#include <string>

#include "common/step/env.h"

namespace baton::watch {

struct CalibrationOptions {
  std::string history = "14d";  ///< how far back
  std::string file = "calibration.json";
};

/// Writes the file for `watch.calibration`, where enough windows could be judged. Proceed means that no critical rule
/// held in more than kMostFalse percent of them beyond doubt. Throws Error{usage} on a history that is no duration or
/// too short, Error{unknown} where nobody serves.
StepResult calibrate(const CalibrationOptions& options, Env& env);

}  // namespace baton::watch
