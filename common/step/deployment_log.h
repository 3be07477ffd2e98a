// The SOP's deployment log, rebuilt from what each step's handoff kept of it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/handoff/handoff.h"

namespace baton {

/// The lines in `state.log`; anything else there is left out.
std::vector<std::string> log_lines(const Handoff& handoff);
/// The text of deployment-log-<release>.txt; empty when no step logged anything.
std::string deployment_log(std::span<const Handoff> earlier, std::span<const std::string> own);

}  // namespace baton
