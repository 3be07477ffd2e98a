// Who carries the next colour's label already.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Pods under a selector that are not of `deployment`.
struct Wearers {
  std::vector<Json> deployments = {};     ///< that own them, each once
  std::vector<std::string> strays = {};   ///< names of pods that none owns
  std::vector<std::string> leaving = {};  ///< of those whose Deployment was deleted: they go with it
};
Wearers wearers_of(Context& context, const Labels& selector, const std::string& deployment);
Wearers wearers_of_next(Context& context, const Live& live);

/// Scales Deployments of ours that wear the colour of `move` to 0: adopted ones, whose names are not the colour's.
/// Their release is over. Throws Error{stop} on a pod that nobody owns, Error{unknown} where some do not end or are not
/// ours.
void clear_colour(Context& context, const Lease& lease, const Move& move);

}  // namespace baton::rollout
