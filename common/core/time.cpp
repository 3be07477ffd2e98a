// RFC 3339 and the SOP's own time formats.
#include "common/core/time.h"

#include <fmt/format.h>

#include <charconv>

namespace baton {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Parts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Duration> clock;
};

Parts parts_of(Time time) {
  const auto day = floor<days>(time);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<Duration>(time - day)};
}

std::string date_text(const Parts& parts) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(parts.date.year()),
                     static_cast<unsigned>(parts.date.month()), static_cast<unsigned>(parts.date.day()));
}

std::string clock_text(const Parts& parts) {
  return fmt::format("{:02}:{:02}:{:02}", parts.clock.hours().count(), parts.clock.minutes().count(),
                     parts.clock.seconds().count());
}

/// Reads a text from front to back; any mismatch makes it fail for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    const auto piece = text_.substr(0, digits);
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), value);
    if (piece.size() != digits || error != std::errc{} || end != piece.data() + digits || piece.front() == '-')
      ok_ = false;
    text_.remove_prefix(piece.size());
    return value;
  }
  void expect(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) ok_ = false;
    if (!text_.empty()) text_.remove_prefix(1);
  }
  /// Milliseconds of ".123456"; digits beyond are cut.
  int fraction() {
    if (text_.empty() || text_.front() != '.') return 0;
    text_.remove_prefix(1);
    int value = 0;
    int scale = 100;
    if (text_.empty() || !is_digit(text_.front())) ok_ = false;
    for (; !text_.empty() && is_digit(text_.front()); text_.remove_prefix(1)) {
      value += scale * (text_.front() - '0');
      scale /= 10;
    }
    return value;
  }
  minutes offset() {
    if (text_.empty()) return fail();
    const char sign = text_.front();
    text_.remove_prefix(1);
    if (sign == 'Z' || sign == 'z') return minutes{0};
    if (sign != '+' && sign != '-') return fail();
    const int hour = number(2);
    expect(":");
    const int minute = number(2);
    if (hour > 23 || minute > 59) ok_ = false;
    const auto size = hours{hour} + minutes{minute};
    return sign == '-' ? -size : size;
  }
  bool is_done() const { return ok_ && text_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  minutes fail() {
    ok_ = false;
    return minutes{0};
  }
  std::string_view text_;
  bool ok_ = true;
};

}  // namespace

std::string to_rfc3339(Time time) {
  const auto parts = parts_of(time);
  const auto milliseconds = parts.clock.subseconds().count();
  const auto fraction = milliseconds == 0 ? std::string{} : fmt::format(".{:03}", milliseconds);
  return date_text(parts) + "T" + clock_text(parts) + fraction + "Z";
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const int year = reader.number(4);
  reader.expect("-");
  const int month = reader.number(2);
  reader.expect("-");
  const int day = reader.number(2);
  reader.expect("Tt ");
  const int hour = reader.number(2);
  reader.expect(":");
  const int minute = reader.number(2);
  reader.expect(":");
  const int second = reader.number(2);
  const int milliseconds = reader.fraction();
  const auto offset = reader.offset();
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.is_done() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + Duration(milliseconds) -
         offset;
}

std::string to_date(Time time) { return date_text(parts_of(time)); }

std::string to_minutes(Time time) {
  const auto parts = parts_of(time);
  return date_text(parts) + " " + clock_text(parts).substr(0, 5) + " UTC";
}

std::string to_log_stamp(Time time) {
  const auto parts = parts_of(time);
  return date_text(parts) + " " + clock_text(parts);
}

std::string to_compact_stamp(Time time) {
  std::string stamp;
  for (const char c : to_log_stamp(time)) {
    if (c >= '0' && c <= '9') stamp += c;
  }
  return stamp;
}

std::string to_unix_seconds(Time time) {
  return fmt::format("{:.3f}", static_cast<double>(time.time_since_epoch().count()) / 1000);
}

}  // namespace baton
