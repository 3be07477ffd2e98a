// Local time: what a zone's clocks show, from the compiled files of the time zone database.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/posix_zone.h"
#include "common/core/time.h"

namespace baton {

/// What a clock on the wall shows, in a zone that stands beside it.
using LocalTime = std::chrono::local_time<Duration>;

class TimeZone {
 public:
  static TimeZone utc();
  /// A file of the database (RFC 8536, version 2 or later: with 64 bits and a rule for the years behind the last
  /// change). `name` goes into messages. Throws Error{unknown} on anything else.
  static TimeZone from_tzif(std::string_view bytes, std::string name);

  const std::string& name() const { return name_; }  ///< "Europe/Berlin"
  std::chrono::seconds offset_at(Time time) const;   ///< ahead of UTC
  LocalTime to_local(Time time) const;
  /// Of a time that is shown twice the first; of one that is never shown as though the clocks had not yet been put
  /// forward.
  Time to_utc(LocalTime local) const;

 private:
  struct Change {
    std::chrono::seconds at{0};  ///< since 1970, UTC
    std::chrono::seconds offset{0};
  };

  std::string name_ = "UTC";
  std::chrono::seconds first_{0};     ///< before the first change
  std::vector<Change> changes_ = {};  ///< ascending
  std::optional<PosixZone> rule_ = {};
};

/// "Thu 14:05".
std::string weekday_and_minutes(LocalTime local);

}  // namespace baton
