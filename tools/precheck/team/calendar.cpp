// Windows and freezes, read and laid onto the time line.
#include "tools/precheck/team/calendar.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::precheck {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

[[noreturn]] void bad_window(std::string_view text, std::string_view why) {
  throw Error(ExitCode::usage, fmt::format("'{}' is no window: {}", printable(text, 100), why),
              "Write it like \"Mon-Thu 09:00-16:00 Europe/Berlin\".");
}

[[noreturn]] void bad_freeze(std::string_view text, std::string_view why) {
  throw Error(ExitCode::usage, fmt::format("'{}' is no freeze: {}", printable(text, 100), why),
              "Write it like \"2026-12-20..2027-01-03 Europe/Berlin\".");
}

/// Pieces between blanks; none of them empty.
std::vector<std::string> words_of(std::string_view text) {
  auto words = split(text, ' ');
  std::erase(words, "");
  return words;
}

std::optional<std::size_t> day_named(std::string_view name) {
  const auto* const found = std::ranges::find(kDays, to_lower(name));
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

/// "Mon-Thu,Sat"; over the end of the week too.
bool add_days(std::array<bool, 7>& open, std::string_view text) {
  for (const auto& part : split(text, ',')) {
    const auto ends = split(part, '-');
    const auto first = day_named(ends.front());
    const auto last = day_named(ends.back());
    if (ends.size() > 2 || !first || !last) return false;
    for (auto day = *first;; day = (day + 1) % open.size()) {
      open[day] = true;
      if (day == *last) break;
    }
  }
  return true;
}

/// "09:00"; "24:00" is the end of a day.
std::optional<minutes> minutes_of(std::string_view text) {
  constexpr std::size_t kLength = 5;
  if (text.size() != kLength || text[2] != ':') return std::nullopt;
  for (const auto at : {0U, 1U, 3U, 4U}) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  }
  const auto digits = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const minutes value = std::chrono::hours(digits(0)) + minutes(digits(3));
  if (digits(3) > 59 || value > std::chrono::hours(24)) return std::nullopt;
  return value;
}

std::optional<local_days> date_of(std::string_view text) {
  constexpr std::size_t kLength = 10;  // "2026-12-20"
  if (text.size() != kLength) return std::nullopt;
  const auto midnight = parse_rfc3339(std::string(text) + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return local_days(std::chrono::floor<days>(midnight->time_since_epoch()));
}

/// The opening that begins on `day`.
Span opening_on(const Window& window, const TimeZone& zone, local_days day) {
  const auto end = window.closes > window.opens ? day : day + days(1);
  return {.from = zone.to_utc(day + window.opens), .until = zone.to_utc(end + window.closes)};
}

}  // namespace

Window parse_window(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() < 2 || words.size() > 3) bad_window(text, "it has days, hours and a time zone");
  Window window;
  if (!add_days(window.days, words[0])) bad_window(text, "days are Mon, Tue, Wed, Thu, Fri, Sat and Sun");
  const auto hours = split(words[1], '-');
  const auto opens = hours.size() == 2 ? minutes_of(hours[0]) : std::nullopt;
  const auto closes = hours.size() == 2 ? minutes_of(hours[1]) : std::nullopt;
  if (!opens || !closes || *opens == std::chrono::hours(24)) bad_window(text, "hours are written HH:MM-HH:MM");
  if (*opens == *closes) bad_window(text, "it opens when it closes");
  window.opens = *opens;
  window.closes = *closes;
  if (words.size() == 3) window.zone = words[2];
  return window;
}

Freeze parse_freeze(std::string_view text) {
  const auto words = words_of(text);
  if (words.empty() || words.size() > 2) bad_freeze(text, "it has two days and a time zone");
  const auto between = words[0].find("..");
  const auto first = date_of(words[0].substr(0, between));
  const auto last = between == std::string::npos ? first : date_of(words[0].substr(between + 2));
  if (!first || !last) bad_freeze(text, "days are written YYYY-MM-DD, and exist");
  if (*last < *first) bad_freeze(text, "it ends before it begins");
  return {.first = *first, .last = *last, .zone = words.size() == 2 ? words[1] : "UTC"};
}

Span next_opening(const Window& window, const TimeZone& zone, Time now) {
  const auto today = std::chrono::floor<days>(zone.to_local(now));
  // The one of yesterday may last until today; a week later every day of it has come once.
  for (auto day = today - days(1); day <= today + days(8); day += days(1)) {
    const auto opening = opening_on(window, zone, day);
    if (window.days[std::chrono::weekday(day).c_encoding()] && now < opening.until) return opening;
  }
  throw Error(ExitCode::error, "a window never opens");
}

Span span_of(const Freeze& freeze, const TimeZone& zone) {
  return {.from = zone.to_utc(freeze.first), .until = zone.to_utc(freeze.last + days(1))};
}

std::string local_text(const TimeZone& zone, Time time) {
  return weekday_and_minutes(zone.to_local(time)) + " " + zone.name();
}

}  // namespace baton::precheck
