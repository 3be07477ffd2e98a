// Which image: the tag resolved once, and pinned from then on.
#pragma once

#include <string>

#include "common/cli/tool.h"

namespace baton::cutover {

/// "registry.example.com/myapp:v1.6.0". Throws Error{usage} when no image is configured.
std::string image_with_tag(const Env& env);
/// "sha256:…" of this run: the registry's answer, else the step before's. Throws Error{unknown} when neither knows.
std::string digest_for(const Env& env);

}  // namespace baton::cutover
