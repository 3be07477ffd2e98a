// What a value of a key must hold, as message and schema say it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/config/section.h"
#include "common/core/units.h"

namespace baton::config {

template <typename T>
Check<T> within(T low, T high, std::string expected) {
  return {[low, high](const T& value) { return value >= low && value <= high; }, std::move(expected)};
}

template <typename T>
Check<T> number_within(T low, T high, std::string expected) {
  Check<T> check = within(low, high, std::move(expected));
  check.schema = Json::object({{"minimum", low}, {"maximum", high}});
  return check;
}

inline Check<Duration> positive() {
  return {[](const Duration& value) { return value > Duration{0}; }, "a duration over 0s", positive_duration()};
}

/// Tells words that a later version will take; `second` empty: there is one.
inline auto one_of(std::string_view first, std::string_view second = {}) {
  return [first, second](std::string_view word) { return word == first || (!second.empty() && word == second); };
}

}  // namespace baton::config
