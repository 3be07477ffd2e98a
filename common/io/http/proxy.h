// Which proxy a URL goes through, by the variables every tool reads.
#pragma once

#include <optional>
#include <string>

#include "common/io/env.h"
#include "common/io/url.h"

namespace baton {

/// https_proxy or http_proxy by scheme (lower case first, then upper), unless no_proxy lists the host; loopback never
/// goes through one. no_proxy: "*", names (with all below them; a leading "." or "*." changes nothing), addresses,
/// networks like 10.0.0.0/8; names and addresses with an optional port. Throws Error{usage} on a proxy that is no
/// http URL.
std::optional<Url> proxy_for(const Url& url, const Environment& environment);
/// Reads a proxy's own URL; `where` goes into the message.
Url parse_proxy(std::string_view proxy, std::string_view where);

}  // namespace baton
