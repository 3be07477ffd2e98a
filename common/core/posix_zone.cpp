// The rule by which a zone's clocks change every year.
#include "common/core/posix_zone.h"

#include <algorithm>

namespace baton {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;

/// Takes pieces off the front of a text; once one is not there, nothing more is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool is_good() const { return is_good_; }
  bool is_done() const { return is_good_ && rest_.empty(); }
  bool is_next(char c) const { return is_good_ && rest_.starts_with(c); }
  bool take(char c) {
    if (!is_next(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    if (!take(c)) is_good_ = false;
  }

  /// Up to `most`; at most three digits.
  int number(int least, int most) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < 3 && digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
      value = value * 10 + (rest_[digits] - '0');
    if (digits == 0 || value < least || value > most) is_good_ = false;
    rest_.remove_prefix(digits);
    return value;
  }

  /// "CET", "<+03>": three characters at least.
  void name() {
    const bool is_quoted = take('<');
    const auto is_part = [&](char c) {
      const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      return is_letter || (is_quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
    };
    const auto* const end = std::ranges::find_if_not(rest_, is_part);
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    if (length < 3) is_good_ = false;
    rest_.remove_prefix(length);
    if (is_quoted) need('>');
  }

  /// "2", "-1:30", "3:00:00".
  seconds time(int most_hours) {
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    seconds value = std::chrono::hours(number(0, most_hours));
    if (take(':')) value += std::chrono::minutes(number(0, 59));
    if (take(':')) value += seconds(number(0, 59));
    return is_negative ? -value : value;
  }

 private:
  std::string_view rest_;
  bool is_good_ = true;
};

ZoneDay scan_day(Scanner& scanner) {
  ZoneDay day{.time = std::chrono::hours(2)};
  if (scanner.take('M')) {
    day.month = static_cast<unsigned>(scanner.number(1, 12));
    scanner.need('.');
    day.week = static_cast<unsigned>(scanner.number(1, 5));
    scanner.need('.');
    day.day = static_cast<unsigned>(scanner.number(0, 6));
  } else if (scanner.take('J')) {
    day.kind = ZoneDay::Kind::day_without_leap;
    day.day = static_cast<unsigned>(scanner.number(1, 365));
  } else {
    day.kind = ZoneDay::Kind::day_of_year;
    day.day = static_cast<unsigned>(scanner.number(0, 365));
  }
  if (scanner.take('/')) day.time = scanner.time(167);
  return day;
}

sys_days date_in(const ZoneDay& day, std::chrono::year year) {
  const sys_days first{year / std::chrono::January / 1};
  switch (day.kind) {
    case ZoneDay::Kind::weekday_of_month: {
      const auto month = year / std::chrono::month(day.month);
      const std::chrono::weekday weekday(day.day);
      return day.week == 5 ? sys_days{month / weekday[std::chrono::last]} : sys_days{month / weekday[day.week]};
    }
    case ZoneDay::Kind::day_without_leap: {
      // February 29 is never counted.
      constexpr unsigned kEndOfFebruary = 59;
      const bool is_behind = year.is_leap() && day.day > kEndOfFebruary;
      return first + std::chrono::days(day.day - (is_behind ? 0 : 1));
    }
    case ZoneDay::Kind::day_of_year:
      return first + std::chrono::days(day.day);
  }
  return first;
}

}  // namespace

seconds PosixZone::offset_at(Time time) const {
  if (!summer) return standard;
  const auto local = time + standard;
  const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(local)).year();
  const auto from = date_in(summer->from, year) + summer->from.time - standard;
  const auto until = date_in(summer->until, year) + summer->until.time - summer->offset;
  // South of the equator summer lasts over the turn of the year.
  const bool is_summer = from < until ? time >= from && time < until : time >= from || time < until;
  return is_summer ? summer->offset : standard;
}

std::optional<PosixZone> parse_posix_zone(std::string_view text) {
  constexpr int kMostHours = 24;
  Scanner scanner(text);
  PosixZone zone;
  scanner.name();
  zone.standard = -scanner.time(kMostHours);  // POSIX counts west of Greenwich
  if (scanner.is_done()) return zone;
  PosixZone::Summer summer{.offset = zone.standard + std::chrono::hours(1)};
  scanner.name();
  if (!scanner.is_next(',')) summer.offset = -scanner.time(kMostHours);
  scanner.need(',');
  summer.from = scan_day(scanner);
  scanner.need(',');
  summer.until = scan_day(scanner);
  if (!scanner.is_done()) return std::nullopt;
  zone.summer = summer;
  return zone;
}

}  // namespace baton
