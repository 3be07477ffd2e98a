// Quantiles and shares from cumulative counts.
#include "common/judge/histogram.h"

#include <fmt/format.h>

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

std::string edge_text(double edge) { return edge == kInfinite ? "+Inf" : fmt::format("{}", edge); }

Histogram::Histogram(std::vector<Edge> edges) : edges_(std::move(edges)) {
  // Edges are read one after the other: a scrape between two of them makes the later one larger, never smaller.
  double highest = 0;
  for (auto& [edge, count] : edges_) count = highest = std::max(highest, count);
}

void Histogram::add(const Histogram& other) {
  if (edges_.empty()) {
    edges_ = other.edges_;
    return;
  }
  for (auto at = edges_.begin(); const auto& [edge, count] : other.edges_) {
    while (at != edges_.end() && at->first < edge) ++at;
    if (at == edges_.end() || at->first != edge) at = edges_.insert(at, {edge, 0});
    at->second += count;
  }
}

double Histogram::total() const {
  return edges_.empty() || edges_.back().first != kInfinite ? 0 : edges_.back().second;
}

std::pair<double, double> Histogram::bucket_of(double value) const {
  const auto upper = std::ranges::lower_bound(edges_, value, {}, &Edge::first);
  const double low = upper == edges_.begin() ? 0 : std::prev(upper)->first;
  return {low, upper == edges_.end() ? kInfinite : upper->first};
}

std::optional<double> Histogram::quantile(double q) const {
  if (is_empty()) return std::nullopt;
  const double rank = q * total();
  double low = 0;
  double below = 0;
  for (const auto& [edge, count] : edges_) {
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
  for (const auto& [edge, count] : edges_) {
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
