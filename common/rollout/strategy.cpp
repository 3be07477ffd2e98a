// Names of strategies.
#include "common/rollout/strategy.h"

namespace baton::rollout {

std::string_view strategy_title(std::string_view strategy) {
  if (strategy == kRolling) return "Rolling Update";
  return strategy == kCanary ? "Canary" : "Blue-Green";
}

}  // namespace baton::rollout
