// Series averaged at each moment.
#include "common/judge/means.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace baton::judge {

Means means_of(const prometheus::Answer& answer) {
  std::map<Time, std::pair<double, int>> at;
  for (const auto& series : answer.series) {
    for (const auto& sample : series.samples) {
      if (!std::isfinite(sample.value)) continue;
      at[sample.time].first += sample.value;
      ++at[sample.time].second;
    }
  }
  Means means;
  for (const auto& [time, sum] : at) means.emplace(time, sum.first / sum.second);
  return means;
}

std::vector<double> values_of(const Means& means) {
  std::vector<double> values;
  for (const auto& [time, value] : means) values.push_back(value);
  return values;
}

std::optional<double> held_in(const Means& means) {
  std::optional<double> held;
  for (auto first = means.begin(); first != means.end(); ++first) {
    const auto end = means.upper_bound(first->first + std::chrono::minutes(5));
    if (std::prev(end)->first - first->first < std::chrono::minutes(5)) break;
    const auto lowest = std::min_element(first, end, [](const auto& a, const auto& b) { return a.second < b.second; });
    held = std::max(held.value_or(lowest->second), lowest->second);
  }
  return held;
}

}  // namespace baton::judge
