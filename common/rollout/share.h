// The share of new connections that reaches the next colour while both serve.
#pragma once

#include <functional>
#include <string>

#include "common/rollout/context.h"
#include "common/rollout/dataplane.h"

namespace baton::rollout {

struct ShareRequest {
  std::string arriving;  ///< version of the next colour
  std::string leaving;   ///< of the one that serves beside it
  int asked = 0;         ///< percent
  Duration limit = std::chrono::seconds(30);
  /// Throws when somebody else moved the traffic.
  std::function<void()> still_ours = {};
};

/// Counted on new connections from `vantage`, once the first one has reached the next colour. Fails where none does
/// within the limit; a warning where nobody can ask from here.
Finding measure_share(Context& context, const Vantage& vantage, const ShareRequest& request);

}  // namespace baton::rollout
