// When the team releases: the window of team.window, the freezes of team.freezes.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/core/time_zone.h"

namespace baton::precheck {

/// A stretch of time; its end is no part of it.
struct Span {
  Time from = {};
  Time until = {};
  bool contains(Time time) const { return from <= time && time < until; }
};

/// "Mon-Thu 09:00-16:00 Europe/Berlin".
struct Window {
  std::array<bool, 7> days = {};  ///< on which it opens, from Sunday
  std::chrono::minutes opens{0};
  std::chrono::minutes closes{0};  ///< not later than it opens: on the day after
  std::string zone = "UTC";
};

/// "2026-12-20..2027-01-03 Europe/Berlin": both days are part of it; one day alone is a freeze, too.
struct Freeze {
  std::chrono::local_days first = {};
  std::chrono::local_days last = {};
  std::string zone = "UTC";
};

/// Both take UTC where no zone is named, and throw Error{usage} on anything else.
Window parse_window(std::string_view text);
Freeze parse_freeze(std::string_view text);

/// The open stretch that `now` lies in, else the next one; `zone` is the window's.
Span next_opening(const Window& window, const TimeZone& zone, Time now);
Span span_of(const Freeze& freeze, const TimeZone& zone);

/// For people: "Thu 14:05 Europe/Berlin".
std::string local_text(const TimeZone& zone, Time time);

}  // namespace baton::precheck
