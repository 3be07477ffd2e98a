// Which proxy a URL goes through, by the variables every tool reads.
#pragma once

#include <optional>
#include <string>

#include "common/io/env.h"
#include "common/io/http.h"

namespace baton {

/// HTTPS_PROXY or HTTP_PROXY by scheme (lower case too), unless NO_PROXY lists the host; loopback never goes through
/// one. NO_PROXY: "*", host names, ".suffix", addresses, each with an optional port. Throws Error{usage} on a proxy URL
/// that is none.
std::optional<Url> proxy_for(const Url& url, const Environment& environment);
/// 127.0.0.0/8, ::1 and localhost.
bool is_loopback_host(std::string_view host);

}  // namespace baton
