// A calibration for people: what was breached and when, what is found, what nobody knows.
#pragma once

#include <string>
#include <vector>

#include "common/core/finding.h"
#include "common/judge/calibration.h"

namespace baton::watch {

/// Tables of rules and metrics, every breach with its time, and the windows that could not be judged.
std::string calibration_text(const judge::Calibration& made);
/// Whether enough windows could be judged; where they could, a line for each critical rule.
std::vector<Finding> findings_of(const judge::Calibration& made);

}  // namespace baton::watch
