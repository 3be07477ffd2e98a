// A zone in the words of POSIX: "CET-1CEST,M3.5.0,M10.5.0/3".
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "common/core/time.h"

namespace baton {

/// A day of any year at which the clocks change, and when on it.
struct ZoneDay {
  enum class Kind { weekday_of_month, day_without_leap, day_of_year };
  Kind kind = Kind::weekday_of_month;
  unsigned month = 1;            ///< 1 to 12
  unsigned week = 1;             ///< 1 to 5, where 5 is the last
  unsigned day = 0;              ///< 0 (Sunday) to 6; else 1 to 365, or 0 to 365
  std::chrono::seconds time{0};  ///< behind local midnight; may be negative
};

struct PosixZone {
  std::chrono::seconds standard{0};  ///< ahead of UTC
  struct Summer {
    std::chrono::seconds offset{0};  ///< ahead of UTC
    ZoneDay from = {};               ///< in standard time
    ZoneDay until = {};              ///< in summer time
  };
  std::optional<Summer> summer = {};

  std::chrono::seconds offset_at(Time time) const;
};

/// With the extensions of RFC 8536: hours from -167 to 167. Nothing for anything else, a summer time without its days
/// included.
std::optional<PosixZone> parse_posix_zone(std::string_view text);

}  // namespace baton
