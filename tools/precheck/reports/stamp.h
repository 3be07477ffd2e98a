// When a report says that it was written.
#pragma once

#include <optional>
#include <string_view>

#include "common/core/time.h"

namespace baton::precheck {

/// A date and time of ISO 8601, without an offset taken for UTC, or seconds or milliseconds since 1970. Nothing for
/// anything else, and for times before 2000: producers write 1970 where they do not know.
std::optional<Time> parse_stamp(std::string_view text);
/// The older of both, as far as they are known.
std::optional<Time> older(std::optional<Time> one, std::optional<Time> other);

}  // namespace baton::precheck
