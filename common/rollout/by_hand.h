// What a person types where Baton could not put the traffic back.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// "-n production", and the context and the Service's name where they are not the usual ones.
std::string target_flags(const Context& context);
/// "baton-switch rollback myapp -n production": to be pasted in any folder, with none of our files.
std::string rollback_command(const Context& context);

/// The SOP's "Rollback Procedure" with everything filled in, from whatever state `move` was left in; the last line
/// hands the rest to Baton. Leaves out what the cluster says is done already, and nothing where it does not answer.
std::vector<std::string> by_hand(Context& context, const Move& move);

}  // namespace baton::rollout
