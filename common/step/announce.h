// Telling people, once each: what was sent is remembered beside the handoffs.
#pragma once

#include "common/clients/notify.h"
#include "common/step/env.h"

namespace baton {

enum class Audience { team, incident };  ///< notify.to; notify.to and notify.incident

/// Sends to every channel that has not had `message.key` yet. What cannot be delivered is logged, never fatal.
/// Nothing with --dry-run and --observe.
void announce(Env& env, Audience audience, const notify::Message& message);

}  // namespace baton
