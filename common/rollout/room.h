// Whether the namespace's quotas have room for more pods.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/rollout/context.h"

namespace baton::rollout {

/// All of the namespace; nothing where they may not be listed.
std::optional<std::vector<Json>> readable_quotas(Context& context);

/// One amount of one quota that is too small.
struct Shortage {
  std::string quota;
  std::string name;  ///< "pods", "requests.cpu"
  std::string used;
  std::string hard;
  double each = 0;  ///< that one pod needs
};
/// The first that `pods` more of `pod_spec` would exceed; quotas of some pods only are left out.
std::optional<Shortage> shortage_for(const std::vector<Json>& quotas, const Json& pod_spec, int pods);

}  // namespace baton::rollout
