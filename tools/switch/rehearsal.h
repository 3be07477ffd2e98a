// Rehearsal traffic: many requests to the new colour while it has no user.
#pragma once

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// Sends switch.rehearsal requests, a few at once, to the smoke paths of all ready pods in turn, and judges each as its
/// smoke entry says. False, with the failed finding the last of attempt.findings, when more than 1 % of all, or of one
/// entry's, fail beyond doubt: the lower bound of their share at an error of one in a thousand is over the SOP's limit
/// of a warning (Clopper and Pearson's, which is exact: no least count of failures is needed). Of 400 requests that is
/// 12 failures, of 100 it is 6. Fewer warn; what the API server itself refuses is nobody's failure, and without 95 % of
/// the answers the finding is unknown. Ends as soon as nothing can change that. Without switch.rehearsal it asks
/// nothing and finds nothing; a run that is taken up does all of it again.
bool rehearse(World& world, rollout::Lease& lease, Attempt& attempt);

}  // namespace baton::cutover
