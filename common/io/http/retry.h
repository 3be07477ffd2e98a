// Whether and when to ask again.
#pragma once

#include <optional>
#include <string_view>

#include "common/io/http/client.h"

namespace baton {

/// Doing it twice does what doing it once does: GET, HEAD, PUT, DELETE, OPTIONS.
bool is_idempotent(std::string_view method);
/// Changes nothing: GET, HEAD, OPTIONS.
bool is_safe(std::string_view method);
/// Before attempt `attempt` (2, 3, …): between half and all of 200 ms, 400 ms, … 6.4 s, so that many clients do not
/// come back at one moment.
Duration pause_before(int attempt);
/// What a 429 or 503 asks for, in seconds or as a date; nothing when it does not, or of any other answer.
std::optional<Duration> retry_after(const HttpResponse& response, Time now);

}  // namespace baton
