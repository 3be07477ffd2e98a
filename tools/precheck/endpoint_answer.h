// A JSON answer of a server that the configuration names.
#pragma once

#include <string>

#include "common/config/endpoint.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

/// GET of `at.url` with `more` behind its path, as `at` says who asks. `key` is its name in the configuration. Throws
/// Error{unknown} on no answer, on any status but a success, and on what is no JSON.
Json json_from(const Look& look, const Endpoint& at, const std::string& key, const std::string& more = {});

/// What a JSON value says a time is: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970, told
/// apart by their size, as a number or as text. Nothing for anything else.
std::optional<Time> time_in(const Json& value);

}  // namespace baton::precheck
