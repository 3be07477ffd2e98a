// TZif, as RFC 8536 describes it.
#include "common/core/time_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton {
namespace {

using std::chrono::seconds;

constexpr std::size_t kHeadBytes = 44;
constexpr std::uint32_t kMostOfAnything = 1U << 16U;  // the largest file of the database has some 300 changes

[[noreturn]] void broken(const std::string& name, std::string_view why) {
  throw Error(ExitCode::unknown, fmt::format("time zone '{}' is no TZif file: {}", printable(name, 100), why),
              "Install the system's tzdata again, or write the time in UTC.");
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

/// Hands out the file piece by piece.
class Bytes {
 public:
  Bytes(std::string_view bytes, const std::string& name) : rest_(bytes), name_(name) {}

  std::string_view take(std::size_t length) {
    if (rest_.size() < length) broken(name_, "it ends too early");
    const auto piece = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return piece;
  }
  std::uint32_t count() {
    const auto value = static_cast<std::uint32_t>(big_endian(take(4)));
    if (value > kMostOfAnything) broken(name_, "it counts too much");
    return value;
  }
  seconds offset() {
    const seconds value(static_cast<std::int32_t>(big_endian(take(4))));
    if (value < -std::chrono::hours(25) || value > std::chrono::hours(26)) broken(name_, "an offset is none");
    return value;
  }
  seconds time() { return seconds(static_cast<std::int64_t>(big_endian(take(8)))); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  const std::string& name_;
};

struct Head {
  char version = '\0';
  std::uint32_t utc_marks = 0, standard_marks = 0, leaps = 0, times = 0, types = 0, letters = 0;

  std::size_t body_bytes(std::size_t time_bytes) const {
    return std::size_t{times} * (time_bytes + 1) + std::size_t{types} * 6 + letters +
           std::size_t{leaps} * (time_bytes + 4) + standard_marks + utc_marks;
  }
};

Head take_head(Bytes& bytes, const std::string& name) {
  constexpr std::size_t kUnused = 15;
  if (bytes.take(4) != "TZif") broken(name, "it does not begin like one");
  Head head{.version = bytes.take(1).front()};
  bytes.take(kUnused);
  head.utc_marks = bytes.count();
  head.standard_marks = bytes.count();
  head.leaps = bytes.count();
  head.times = bytes.count();
  head.types = bytes.count();
  head.letters = bytes.count();
  return head;
}

/// Six bytes each: its offset, whether it is summer time, where its letters stand.
std::vector<seconds> take_offsets(Bytes& bytes, std::uint32_t count) {
  std::vector<seconds> offsets;
  for (std::uint32_t at = 0; at < count; ++at) {
    offsets.push_back(bytes.offset());
    bytes.take(2);
  }
  return offsets;
}

/// Between two line ends, behind all else; empty: the last change is the last word.
std::string_view footer_of(std::string_view rest, const std::string& name) {
  const auto end = rest.size() < 2 ? std::string_view::npos : rest.find('\n', 1);
  if (end == std::string_view::npos || rest.front() != '\n') broken(name, "its footer is not there");
  return rest.substr(1, end - 1);
}

}  // namespace

TimeZone TimeZone::utc() { return {}; }

TimeZone TimeZone::from_tzif(std::string_view file, std::string name) {
  TimeZone zone;
  zone.name_ = std::move(name);
  Bytes bytes(file, zone.name_);
  const Head old = take_head(bytes, zone.name_);
  if (old.version < '2') broken(zone.name_, "version 1 has only 32 bits");
  bytes.take(old.body_bytes(4));
  const Head head = take_head(bytes, zone.name_);
  if (head.types == 0) broken(zone.name_, "it has no local time");
  zone.changes_.resize(head.times);
  for (auto& change : zone.changes_) change.at = bytes.time();
  if (!std::ranges::is_sorted(zone.changes_, {}, &Change::at)) broken(zone.name_, "its changes are in no order");
  const auto kinds = bytes.take(head.times);
  const auto offsets = take_offsets(bytes, head.types);
  for (std::size_t at = 0; at < kinds.size(); ++at) {
    const auto kind = static_cast<unsigned char>(kinds[at]);
    if (kind >= offsets.size()) broken(zone.name_, "a change leads nowhere");
    zone.changes_[at].offset = offsets[kind];
  }
  zone.first_ = offsets.front();
  bytes.take(head.letters + std::size_t{head.leaps} * 12 + head.standard_marks + head.utc_marks);
  const auto footer = footer_of(bytes.rest(), zone.name_);
  if (footer.empty()) return zone;
  zone.rule_ = parse_posix_zone(footer);
  if (!zone.rule_) broken(zone.name_, "its footer is no rule");
  return zone;
}

seconds TimeZone::offset_at(Time time) const {
  const auto at = std::chrono::floor<seconds>(time.time_since_epoch());
  const auto next = std::ranges::upper_bound(changes_, at, {}, &Change::at);
  if (next == changes_.end() && rule_) return rule_->offset_at(time);
  return next == changes_.begin() ? first_ : std::prev(next)->offset;
}

LocalTime TimeZone::to_local(Time time) const { return LocalTime(time.time_since_epoch() + offset_at(time)); }

Time TimeZone::to_utc(LocalTime local) const {
  const auto day = std::chrono::hours(24);
  const Time as_utc(local.time_since_epoch());
  const auto before = offset_at(as_utc - day);
  const auto after = offset_at(as_utc + day);
  if (offset_at(as_utc - before) != before && offset_at(as_utc - after) == after) return as_utc - after;
  return as_utc - before;
}

std::string weekday_and_minutes(LocalTime local) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
  return fmt::format("{} {:02}:{:02}", kDays[std::chrono::weekday(day).c_encoding()], minutes / 60, minutes % 60);
}

}  // namespace baton
