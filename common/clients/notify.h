// Telling people: webhooks and Slack. A message that could not be sent is said, never fatal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/io/http/client.h"

namespace baton::notify {

struct Message {
  std::string subject;
  std::string text;   ///< a few lines
  std::string event;  ///< "switch-rolled-back": machine-readable
  Json facts = Json::object();
  std::string key;  ///< the same message is sent once per key (Idempotency-Key header)
};

struct Channel {
  std::string kind;  ///< "slack" or "webhook"
  std::string url;   ///< secret
};

/// Slack's escaping of &, < and > included. The reason when it could not be delivered, without the URL's secret part.
std::optional<std::string> send(HttpClient& http, const Channel& channel, const Message& message,
                                std::stop_token stop = {});

}  // namespace baton::notify
