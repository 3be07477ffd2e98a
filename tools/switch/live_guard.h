// While the next colour comes up, what serves stays in the Service and stays what it was.
#pragma once

#include "common/io/wait.h"
#include "common/rollout/lease.h"
#include "tools/switch/world.h"

namespace baton::cutover {

/// Looks at Service and live Deployment at every pause of a wait while it lives. An owner who puts his own template
/// back takes the adopted pods' label from the next ones: they get it again before the ones before them end. Throws
/// Error{stop} where that goes on, where the image is another one by now, which nobody checked, or where the Service
/// selects anything else: the next colour would get traffic as soon as it is ready.
class LiveGuard {
 public:
  /// All must outlive it.
  LiveGuard(World& world, const rollout::Lease& lease, const rollout::Move& move);
  ~LiveGuard();
  LiveGuard(const LiveGuard&) = delete;
  LiveGuard& operator=(const LiveGuard&) = delete;

  void look();

 private:
  World& world_;
  const rollout::Lease& lease_;
  const rollout::Move& move_;
  Progress progress_;
  int given_back_ = 0;
};

}  // namespace baton::cutover
