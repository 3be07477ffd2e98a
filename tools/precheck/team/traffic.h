// The week's curve of requests, and a quieter moment on it.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "common/core/time.h"

namespace baton::precheck {

/// Of the curve: how wide one slot is.
inline constexpr Duration kSlot = std::chrono::minutes(30);
inline constexpr Duration kWeek = std::chrono::hours(7 * 24);

/// Requests by the second over the slot that ends then.
using Curve = std::map<Time, double>;

struct Slot {
  Time at = {};
  double rate = 0;  ///< that the same slot had a week before
};

/// Of a curve that is not empty.
double median_of(const Curve& curve);
/// The first slot after `now`, within a week, that `may_be` allows, whose rate a week before was no more than `median`
/// and below `rate`. Nothing: there is none.
std::optional<Slot> quieter_slot(const Curve& curve, Time now, double median, double rate,
                                 const std::function<bool(Time)>& may_be);

}  // namespace baton::precheck
