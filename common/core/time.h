// Points in time as Baton writes and reads them: UTC, millisecond resolution.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

/// "2025-11-04T14:00:00Z", with ".123" only where milliseconds are not zero.
std::string to_rfc3339(Time time);
/// RFC 3339 with any offset; nothing for anything else, also for days that do not exist.
std::optional<Time> parse_rfc3339(std::string_view text);
std::string to_date(Time time);           ///< "2025-11-04"
std::string to_minutes(Time time);        ///< "2025-11-04 14:00 UTC"
std::string to_log_stamp(Time time);      ///< "2025-11-04 14:00:00", the deployment log's
std::string to_compact_stamp(Time time);  ///< "20251104140000", in file names
/// Seconds since 1970 as Prometheus takes them: "1762264800.123".
std::string to_unix_seconds(Time time);

}  // namespace baton
