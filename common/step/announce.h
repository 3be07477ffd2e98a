// Telling people, once each: what was sent is remembered beside the handoffs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/clients/notify.h"
#include "common/core/time.h"
#include "common/step/env.h"

namespace baton {

enum class Audience { team, incident };  ///< notify.to; notify.to and notify.incident

/// Sends to every channel that has not had `message.key` yet, with the release, the run and its actor beside the facts.
/// What cannot be delivered is logged, never fatal. Nothing with --dry-run and --observe.
void announce(Env& env, Audience audience, const notify::Message& message);
/// To everybody who hears of incidents, once a deployment; of what may come again, once for each time that it began.
void page(Env& env, std::string_view event, const std::string& subject, const std::string& text,
          std::optional<Time> since = {});

}  // namespace baton
