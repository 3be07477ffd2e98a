// ResourceQuotas of the namespace, their scopes included.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/precheck/capacity/world.h"

namespace baton::precheck {

/// What the first quota says that has no room for `pods` more of them; nothing: all have.
std::optional<std::string> refusal_of_quota(const std::vector<Json>& quotas, const NewPod& pod, int pods);

}  // namespace baton::precheck
