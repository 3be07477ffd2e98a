// How long each of any number of requests took, in bounded memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace baton::precheck {

/// Counts whole milliseconds: a percentile of them is exact.
class Latencies {
 public:
  static constexpr std::uint64_t kMost = 3'600'000;  ///< milliseconds that are told apart; what took longer is counted

  void add(std::uint64_t ms);
  std::uint64_t count() const { return count_; }
  /// By nearest rank: the shortest time that `percent` of 100 requests took at most. Nothing of no requests, and where
  /// it is longer than kMost. `percent` is from 1 to 100.
  std::optional<double> percentile(unsigned percent) const;

 private:
  std::vector<std::uint64_t> counts_ = {};  ///< by milliseconds, as far as any took
  std::uint64_t count_ = 0;
};

}  // namespace baton::precheck
