// What was quiet a week ago is taken to be quiet again.
#include "tools/precheck/team/traffic.h"

#include <algorithm>
#include <vector>

namespace baton::precheck {

double median_of(const Curve& curve) {
  std::vector<double> rates;
  for (const auto& [at, rate] : curve) rates.push_back(rate);
  std::ranges::sort(rates);
  const auto middle = rates.size() / 2;
  return rates.size() % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2;
}

std::optional<Slot> quieter_slot(const Curve& curve, Time now, double median, double rate,
                                 const std::function<bool(Time)>& may_be) {
  for (const auto& [end, before] : curve) {
    const auto begin = end - kSlot + kWeek;
    if (begin <= now || before > median || before >= rate || !may_be(begin)) continue;
    return Slot{.at = begin, .rate = before};
  }
  return std::nullopt;
}

}  // namespace baton::precheck
