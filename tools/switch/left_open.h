// What a run that ended half way leaves, for whoever reads its error.
#pragma once

#include "tools/switch/world.h"

namespace baton::cutover {

/// `error`, with who serves and the command that finishes or takes back what this deployment had begun; as it is where
/// nothing is open.
Error left_open(World& world, const Error& error);

}  // namespace baton::cutover
