// Time stamps as producers of reports write them.
#include "tools/precheck/reports/stamp.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace baton::precheck {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr Time kFirst = sys_days{2000y / 1 / 1};
constexpr Time kEnd = sys_days{10000y / 1 / 1};
// As milliseconds this is 1973, as seconds 5138: no report is of either.
constexpr long long kSecondsEnd = 100'000'000'000;

std::optional<Time> since_1970(std::string_view text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  if (number < kSecondsEnd) return Time(std::chrono::seconds(number));
  return Time(Duration(number));
}

}  // namespace

std::optional<Time> parse_stamp(std::string_view text) {
  auto time = since_1970(text);
  if (!time) time = parse_rfc3339(text);
  if (!time) time = parse_rfc3339(std::string(text) + "Z");
  return time && *time >= kFirst && *time < kEnd ? time : std::nullopt;
}

std::optional<Time> older(std::optional<Time> one, std::optional<Time> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace baton::precheck
