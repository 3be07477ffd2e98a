// Quantiles and shares from cumulative counts.
#include "common/judge/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/core/number.h"

namespace baton::judge {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

}  // namespace

std::optional<double> parse_edge(const std::string& le) {
  if (le == "+Inf" || le == "Inf") return kInfinite;
  return parse_decimal(le);
}

Histogram::Histogram(const std::map<std::string, double>& by_le) {
  for (const auto& [le, count] : by_le) {
    if (const auto edge = parse_edge(le)) up_to_[*edge] += count;
  }
  // Edges are read one after the other: a scrape between two of them makes the later one larger, never smaller.
  double highest = 0;
  for (auto& [edge, count] : up_to_) count = highest = std::max(highest, count);
}

void Histogram::add(const Histogram& other) {
  for (const auto& [edge, count] : other.up_to_) up_to_[edge] += count;
}

double Histogram::total() const {
  return up_to_.empty() || up_to_.rbegin()->first != kInfinite ? 0 : up_to_.rbegin()->second;
}

std::pair<double, double> Histogram::bucket_of(double value) const {
  const auto upper = up_to_.lower_bound(value);
  const double low = upper == up_to_.begin() ? 0 : std::prev(upper)->first;
  return {low, upper == up_to_.end() ? kInfinite : upper->first};
}

std::optional<double> Histogram::quantile(double q) const {
  if (is_empty()) return std::nullopt;
  const double rank = q * total();
  double low = 0;
  double below = 0;
  for (const auto& [edge, count] : up_to_) {
    if (count >= rank) {
      if (edge == kInfinite || count <= below) return low;
      return low + (edge - low) * (rank - below) / (count - below);
    }
    low = edge;
    below = count;
  }
  return low;
}

double Histogram::slower(double limit) const {
  double low = 0;
  double below = 0;
  for (const auto& [edge, count] : up_to_) {
    if (edge >= limit) {
      // How long those behind the last edge took nobody knows.
      if (edge == kInfinite) return 0;
      return total() - below - (count - below) * (limit - low) / (edge - low);
    }
    low = edge;
    below = count;
  }
  return 0;
}

}  // namespace baton::judge
