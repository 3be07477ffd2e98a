// The moment of the switch: what was normal is measured, the selector moves, and the move is proved.
#pragma once

#include <optional>
#include <string>

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// Gives the new colour `share` percent of the traffic, all of it at 100, the record written ahead. From where the
/// proof can be made is tried before the first of it: only what answered as the old version can show that the new one
/// took over.
void move_traffic(World& world, rollout::Lease& lease, Attempt& attempt, int share);
/// The attempt's own memory of it.
rollout::PublicSmoke& public_smoke_of(World& world, Attempt& attempt);
/// While both serve: endpoints, then the share that is really reached. Empty, or why the move must be undone.
std::string prove_share(World& world, rollout::Lease& lease, Attempt& attempt);
/// Endpoints, then the data plane. Empty when proved, or when it cannot be proved from here (a warning finding says
/// so); else why the move must be undone.
std::string prove_traffic(World& world, rollout::Lease& lease, Attempt& attempt);
/// Autoscalers and disruption budgets go with the traffic.
void bring_followers(World& world, rollout::Lease& lease, Attempt& attempt);
/// Workers get the release, and are waited for. Empty, or why the move must be undone.
std::string start_workers(World& world, rollout::Lease& lease, Attempt& attempt);
std::string await_workers(World& world, Attempt& attempt);
/// Autoscalers may scale down again, once they size the new colour by its own load; a canary's own Service goes.
void release_followers(World& world, rollout::Lease& lease, Attempt& attempt);
/// Requests per second that still reach the old colour through kept connections; nothing where nobody can tell.
std::optional<double> residual_of(World& world, const Attempt& attempt);
/// The same as a finding.
void measure_residual(World& world, Attempt& attempt);

}  // namespace baton::cutover
