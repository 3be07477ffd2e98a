// Which image: the tag resolved once, and pinned from then on.
#pragma once

#include <string>

#include "common/cli/tool.h"

namespace baton::cutover {

/// "sha256:…" of this run: the registry's answer, else the step before's. Throws Error{unknown} when neither knows.
std::string digest_for(const Env& env);

}  // namespace baton::cutover
