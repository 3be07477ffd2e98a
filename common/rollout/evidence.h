// What a failed release leaves behind, saved before anything of it is deleted.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// The name of a file for it: pods and containers are called what the API server says.
std::string evidence_name(std::string name);
/// What has the release, its pods (both without the values of their variables), their events and the last log
/// lines of each container, in at most 15 s; what could not be had is left out. A file that is already there stays: the
/// first look saw more. Returns the names of the files.
std::vector<std::string> save_evidence(Context& context, const Move& move, const std::string& folder);

}  // namespace baton::rollout
