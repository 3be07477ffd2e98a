// Disruption budgets go with the traffic: one that counts the idle colour's pods as available lets all others be
// evicted at once. Never a copy: an eviction of a pod that two guard is an error.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// The two colours of a move, as their pods are labelled.
struct Colours {
  std::string label;
  Labels old_pods;
  Labels new_pods;
  Labels users;  ///< what the Service selects without a colour
};
Colours colours_of(const Live& live);
/// By the template of the old colour's Deployment, or of the new one's where that is gone.
Colours colours_of(Context& context, const Move& move);

/// PodDisruptionBudgets of either colour, by what can become of them.
struct Budgets {
  std::vector<Json> following = {};  ///< get the colour's label in their selector; without it they guard both
  std::vector<Json> shared = {};     ///< guard pods of others as well, which that label would leave alone
  std::vector<Json> unclear = {};    ///< name the label in an expression, or guard both colours beside a colour's own
};
Budgets budgets_of(Context& context, const Colours& colours);

/// Those that follow guard the pods of `colour` alone; empty: of both, as before an adoption.
void guard_colour(Context& context, const Lease& lease, const Move& move, const std::string& colour);

}  // namespace baton::rollout
