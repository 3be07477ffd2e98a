// How large a colour is: scaled up before traffic comes back, drained when it went away.
#pragma once

#include <string>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"

namespace baton::rollout {

/// Raises spec.replicas to `replicas` where it is lower; never lowers it.
void raise_to(Context& context, const Lease& lease, const std::string& deployment, int replicas);

struct Drained {
  bool is_empty = false;
  Duration took{0};
  std::string message = {};
};
/// Scales the Deployment to 0 and waits until its pods are gone, so that keep-alive users leave it. Only while it still
/// carries this deployment's id: a namesake that somebody else put there is left alone.
Drained drain(Context& context, const Lease& lease, const std::string& deployment, const std::string& id,
              Duration limit);

}  // namespace baton::rollout
