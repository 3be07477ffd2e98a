// From a route to a connected, verified socket.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <optional>

#include "common/io/http/client.h"
#include "common/io/http/watchdog.h"

namespace baton {

struct Route {
  Url origin;
  std::optional<Url> proxy;
  const HttpSettings& settings;
  /// Some load balancers send whoever resumes a TLS session to the backend that began it. A proof that asks what a new
  /// visitor is answered must begin a session of its own.
  bool may_resume = true;
};

/// Tries every address of the host; the watchdog guards the socket from its first moment on. Throws Unanswered ("no
/// such host", "connection refused", "timed out after 5 s", "its certificate … is refused: …") or Poco's exceptions.
Poco::Net::StreamSocket connect_route(const Route& route, Watchdog& watchdog);

/// The value of (Proxy-)Authorization for a URL's user and password; empty when it has none.
std::string basic_authorization(const Url& url);

}  // namespace baton
