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
/// How many channels there are, and how many of them had the message of this key, as it is remembered.
struct Delivered {
  std::size_t channels = 0;
  std::size_t delivered = 0;
};
Delivered delivered_to(const View& env, Audience audience, std::string_view key);
/// To everybody who hears of incidents, once a deployment; of what may come again, once for each time that it began.
void page(Env& env, std::string_view event, const std::string& subject, const std::string& text,
          std::optional<Time> since = {});

}  // namespace baton
