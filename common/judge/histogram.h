// Durations as Prometheus's histograms have them: how many were at most as long as each edge.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace baton::judge {

/// Cumulative by upper edge, in seconds; the last edge is infinite.
class Histogram {
 public:
  using Edge = std::pair<double, double>;  ///< its upper end, and how many were at most as long

  Histogram() = default;
  /// In ascending order, no edge twice.
  explicit Histogram(std::vector<Edge> edges);

  void add(const Histogram& other);
  const std::vector<Edge>& edges() const { return edges_; }
  /// Nothing: no infinite edge, or nothing was counted.
  bool is_empty() const { return total() <= 0; }
  double total() const;
  /// As histogram_quantile: linear within a bucket; of the last bucket its lower edge. Nothing where it is empty.
  std::optional<double> quantile(double q) const;
  /// How many took longer than `limit`, linear within its bucket.
  double slower(double limit) const;
  /// The edges that `value` lies between; the upper one may be infinite.
  std::pair<double, double> bucket_of(double value) const;

 private:
  std::vector<Edge> edges_ = {};
};

/// A label's text as an edge: "0.25", "+Inf".
std::optional<double> parse_edge(const std::string& le);
/// The other way round.
std::string edge_text(double edge);

}  // namespace baton::judge
