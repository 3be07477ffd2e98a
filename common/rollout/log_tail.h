// The end of a container's log, safe to print.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"

namespace baton::rollout {

/// Its last twenty lines; of the container that crashed before where `has_crashed` and that one said anything. None
/// when there is no log to be had.
std::vector<std::string> log_tail(Context& context, const std::string& pod, const std::string& container,
                                  bool has_crashed);

}  // namespace baton::rollout
