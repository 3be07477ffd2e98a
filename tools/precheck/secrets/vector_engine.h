// vectorscan's runtime over a database that was compiled with this build.
#pragma once

#include "tools/precheck/secrets/engine.h"

namespace baton::precheck::secrets {

/// Nothing where the build has none, or one of other anchors, or the processor not the instructions that it needs
/// (SSE 4.2, POPCNT).
std::unique_ptr<Engine> make_vector_engine(const std::vector<Anchor>& anchors);

}  // namespace baton::precheck::secrets
