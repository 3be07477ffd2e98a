// From a host's name to its addresses.
#pragma once

#include <Poco/Net/SocketAddress.h>

#include <vector>

#include "common/io/http/watchdog.h"
#include "common/io/url.h"

namespace baton {

/// All of them, in the order the system prefers. localhost needs no /etc/hosts, which scratch images lack. Gives up
/// when the watchdog's time is over, which the system's resolver itself does not know. Throws Unanswered.
std::vector<Poco::Net::SocketAddress> resolve(const Url& url, const Watchdog& watchdog);

}  // namespace baton
