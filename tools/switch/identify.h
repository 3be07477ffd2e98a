// What the step works on: image, cluster, Service, and what is live.
#pragma once

#include <string>

#include "common/step/env.h"

namespace baton::cutover {

/// The image by the registry's digest, the cluster and what is live in it.
Identity identify(Env& env);
/// Whether the Service or the Lease records an unfinished move of this release id.
bool is_resuming(Env& env);
/// Whether Service and Lease record the end that our own file tells of, and the Service still selects accordingly.
bool is_confirmed(Env& env, const Handoff& own);

/// "sha256:…" of this run: the registry's answer, else the step before's. Throws Error{unknown} when neither knows.
std::string digest_for(const View& env);

}  // namespace baton::cutover
