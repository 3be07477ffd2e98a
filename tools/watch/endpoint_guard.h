// Whether anybody serves, asked far more often than the metrics: a colour without pods has none that would tell.
#pragma once

#include "common/core/finding.h"
#include "tools/watch/watched.h"

namespace baton::watch {

class EndpointGuard {
 public:
  enum class State {
    served,
    lost,       ///< no endpoint is ready
    lost_both,  ///< and the way back has no ready pod either: not the release's fault (decisions 37)
  };

  explicit EndpointGuard(Watched& watched) : watched_(watched) {}

  /// Two looks decide, a moment apart: one alone may fall between two pods. Served too where the cluster cannot be
  /// asked: that is not known to be an outage.
  State look();
  /// Until the next look at the metrics, `step` from now; sooner when the last endpoint is gone.
  void rest(Duration step);

 private:
  bool has_endpoints();

  Watched& watched_;
};

/// What a look is that found State::lost.
Finding nobody_serves(const std::string& message);

}  // namespace baton::watch
