// Which version answers a new connection.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "common/rollout/context.h"

namespace baton::rollout {

/// As `switch.identify` reads it; empty when the answer does not say, nothing when none came within `deadline`.
std::optional<std::string> version_at(Context& context, const std::string& url, Duration deadline,
                                      const std::stop_token& stop);

}  // namespace baton::rollout
