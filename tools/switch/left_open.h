// What a run that ended half way leaves, for whoever reads its error.
#pragma once

#include "tools/switch/world.h"

namespace baton::cutover {

/// `found`, with who serves and the command that finishes or takes back what this deployment had begun; as it is where
/// nothing is open. Of a run that lost its Lease: who took it over.
Error left_open(World& world, const Error& found);

}  // namespace baton::cutover
