// Durations as Prometheus's histograms have them: how many were at most as long as each edge.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace baton::judge {

/// Cumulative by upper edge, in seconds; the last edge is infinite.
class Histogram {
 public:
  Histogram() = default;
  /// By the label `le` as it is written. What is no number is left out.
  explicit Histogram(const std::map<std::string, double>& by_le);

  void add(const Histogram& other);
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
  std::map<double, double> up_to_ = {};
};

/// A label's text as an edge: "0.25", "+Inf".
std::optional<double> parse_edge(const std::string& le);

}  // namespace baton::judge
