// Deployments without a Service that ship the same release: rolled once users are proved to be served by it, and put
// back with it.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// The configured workers with the images that they run now. Throws Error{usage} where one is not there or runs no
/// image of the app's.
std::vector<Worker> workers_now(const Context& context);

/// The containers of one workload that run an image of the app's, with those images; none: it has no such container.
Worker worker_of(const Context& context, const Json& workload);
/// It gets the release, or what it ran before; nobody waits. Throws what the API server refuses.
void give_release(Context& context, const Lease& lease, const Move& move, const Worker& worker);
/// False where somebody else gave it another image meanwhile: that one is left as it is.
bool take_release_back(Context& context, const Lease& lease, const Move& move, const Worker& worker);

/// All get the release; nobody waits. Findings of those that a policy or a quota keeps from it. Done again it changes
/// nothing.
std::vector<Finding> start_workers(Context& context, const Lease& lease, const Move& move);
/// One finding a worker: whether its rollout is complete as kubectl sees it; it fails where it does not get ready.
std::vector<Finding> await_workers(Context& context, const Move& move);

/// Their images as they were; nobody waits. A finding for each that cannot be put back, and for one that somebody else
/// gave another image meanwhile: it is left as it is.
std::vector<Finding> put_workers_back(Context& context, const Lease& lease, const Move& move);
/// One finding a worker: whether what it ran before is rolled out again.
std::vector<Finding> await_workers_back(Context& context, const Move& move);

}  // namespace baton::rollout
