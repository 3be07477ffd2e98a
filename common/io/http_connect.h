// From a route to a connected, verified socket.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include "common/io/http_wire.h"

namespace baton {

/// Tries every address of the host. Throws Error{unknown}: "no such host", "connection refused", "timed out after 5 s",
/// "certificate has expired", …
Poco::Net::StreamSocket connect_route(const Route& route, Watchdog& watchdog);

}  // namespace baton
