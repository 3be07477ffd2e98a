// Durations, percents, sizes and limits.
#include "common/core/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace baton {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array kDurationUnits = {Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1000},
                                       Unit{"ms", 1}};

constexpr std::array kSizeUnits = {
    Unit{"B", 1},           Unit{"kB", 1'000},         Unit{"KB", 1'000},
    Unit{"MB", 1'000'000},  Unit{"GB", 1'000'000'000}, Unit{"TB", 1'000'000'000'000},
    Unit{"KiB", 1LL << 10}, Unit{"MiB", 1LL << 20},    Unit{"GiB", 1LL << 30},
    Unit{"TiB", 1LL << 40},
};

template <std::size_t size>
const Unit* unit_of(const std::array<Unit, size>& units, std::string_view name) {
  for (const auto& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

/// Takes a plain decimal number ("12", "0.5") off the front; no sign, no exponent.
std::optional<double> take_number(std::string_view& text) {
  const auto length = std::min(text.find_first_not_of("0123456789."), text.size());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + length, value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + length) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

std::optional<std::int64_t> take_whole(std::string_view& text) {
  std::int64_t value = 0;
  const auto length = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + length, value);
  if (length == 0 || error != std::errc{}) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

/// Ten thousand years: longer than any window, short enough that no sum overflows.
constexpr std::int64_t kLongest = 10'000LL * 365 * 86'400'000;

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::int64_t last_factor = std::numeric_limits<std::int64_t>::max();
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto value = take_whole(text);
    if (!value) return std::nullopt;
    const auto name = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    const Unit* unit = unit_of(kDurationUnits, name);
    if (unit == nullptr || unit->factor >= last_factor || *value > kLongest / unit->factor) return std::nullopt;
    last_factor = unit->factor;
    total += *value * unit->factor;
    text.remove_prefix(name.size());
  }
  if (total > kLongest) return std::nullopt;
  return Duration(total);
}

std::string to_text(Duration duration) {
  std::string text;
  auto left = duration.count();
  for (const auto& unit : kDurationUnits) {
    // Days are only written where nothing else is: "24h", "36h", but "7d".
    const bool fits = unit.factor == 86'400'000 ? left > unit.factor && left % unit.factor == 0 : left >= unit.factor;
    if (!fits) continue;
    text += fmt::format("{}{}", left / unit.factor, unit.name);
    left %= unit.factor;
  }
  return text.empty() ? "0s" : text;
}

std::string to_words(Duration duration) {
  const auto milliseconds = duration.count();
  if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
  if (milliseconds < 60'000) return number_text(static_cast<double>(milliseconds) / 1000, 1) + " s";
  std::string text;
  auto left = milliseconds / 1000 * 1000;
  for (const auto& unit : kDurationUnits) {
    if (left < unit.factor || unit.factor == 1) continue;
    text += fmt::format("{}{}{}", text.empty() ? "" : " ", left / unit.factor, unit.name);
    left %= unit.factor;
  }
  return text;
}

std::optional<double> parse_percent(std::string_view text) {
  const auto value = take_number(text);
  if (!value || text != "%") return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto value = take_number(text);
  const Unit* unit = unit_of(kSizeUnits, text);
  if (!value || unit == nullptr) return std::nullopt;
  const double bytes = std::ceil(*value * static_cast<double>(unit->factor));
  if (bytes >= 0x1p63) return std::nullopt;
  return static_cast<std::int64_t>(bytes);
}

std::string size_text(std::int64_t bytes) {
  constexpr std::array<std::string_view, 5> kNames = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t name = 0;
  while (value >= 1000 && name + 1 < kNames.size()) {
    value /= 1000;
    ++name;
  }
  return fmt::format("{} {}", number_text(value, name == 0 ? 0 : 1), kNames[name]);
}

double Limit::threshold(double baseline) const {
  switch (kind) {
    case Kind::plus_points:
      return baseline + value;
    case Kind::plus_share:
      return baseline * (1 + value / 100);
    case Kind::above:
      return value;
  }
  return value;
}

std::optional<Limit> parse_limit(std::string_view text) {
  const bool relative = text.starts_with('+');
  if (relative) text.remove_prefix(1);
  const auto value = take_number(text);
  if (!value) return std::nullopt;
  if (relative && text == "pp") return Limit{Limit::Kind::plus_points, *value};
  if (text != "%") return std::nullopt;
  return Limit{relative ? Limit::Kind::plus_share : Limit::Kind::above, *value};
}

std::string to_text(const Limit& limit) {
  std::string value = number_text(limit.value, 3);
  switch (limit.kind) {
    case Limit::Kind::plus_points:
      return "+" + value + "pp";
    case Limit::Kind::plus_share:
      return "+" + value + "%";
    case Limit::Kind::above:
      return value + "%";
  }
  return value;
}

std::string number_text(double value, int decimals) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

}  // namespace baton
