// Waiting until a colour can take traffic, and giving up as soon as waiting cannot help.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/pods.h"
#include "common/rollout/trouble.h"

namespace baton::rollout {

struct Readiness {
  bool is_ready = false;
  std::vector<Json> pods = {};  ///< ready, of the image asked for
  Finding finding = {};         ///< with the failing container's last log lines in `evidence`
};

struct ReadyRequest {
  std::string kind = {};  ///< as workloads_of() takes it
  std::string deployment;
  std::string image = {};  ///< that its pods must run; empty: any
  int replicas = 1;        ///< at least so many
  Duration limit = std::chrono::minutes(5);
  /// For how long they must have stayed so: many releases crash only when their probe was answered.
  Duration settled{0};
  bool is_whole = true;                ///< false: so many pods of the image are enough, the rollout may go on
  std::function<void()> between = {};  ///< called at every look
};

/// Until the rollout is complete as kubectl sees it and enough pods of the image are Ready, a sign of trouble outlasted
/// its patience, or the time is over.
Readiness await_ready(Context& context, const ReadyRequest& request);

/// kubectl's conditions: generation seen, all replicas updated and available, none of an older template left.
bool is_rolled_out(const Json& workload);

}  // namespace baton::rollout
