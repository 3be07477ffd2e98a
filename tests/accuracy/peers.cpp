// The SOP's reads, Kayenta's rank test, Argo's measurements.
#include "tests/accuracy/peers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

namespace baton::accuracy {
namespace {

constexpr Duration kRead = 5min;

/// The SOP's two limits that stand on the hour before the switch. Of a minute without a request neither says anything.
class Limits {
 public:
  explicit Limits(const Series& series) : before_(series.seen(-1h, Duration{0})) {}
  bool fails(const Seen& seen) const {
    return seen.counts.requests > 0 && seen.counts.percent() > before_.counts.percent() + 5;
  }
  bool is_slow(const Seen& seen) const { return seen.p95 && before_.p95 && *seen.p95 > 2 * *before_.p95; }

 private:
  Seen before_;
};

/// A metric as Kayenta has it: a value a minute, none of a minute without requests (nanStrategy: remove).
struct Sampled {
  std::vector<Duration> at = {};  ///< ends of the minutes
  std::vector<double> values = {};
};
/// The error rate and the percentile.
using Metrics = std::array<Sampled, 2>;

Metrics minutes_of(const Series& series, Duration from, Duration to) {
  Metrics metrics;
  for (Duration at = from; at < to; at += 1min) {
    const auto seen = series.seen(at, at + 1min);
    const auto add = [&](Sampled& metric, double value) {
      metric.at.push_back(at + 1min);
      metric.values.push_back(value);
    };
    if (seen.counts.requests > 0) add(metrics[0], seen.counts.percent());
    if (seen.p95) add(metrics[1], *seen.p95);
  }
  return metrics;
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Over groups of equal values: their sizes' cubes less their sizes.
double ties(std::span<const double> values) {
  std::map<double, double> sizes;
  for (const double value : values) ++sizes[value];
  double sum = 0;
  for (const auto& [value, size] : sizes) sum += size * size * size - size;
  return sum;
}

/// Mann and Whitney's test turned into an interval, as R's wilcox.test has it: normal, corrected for continuity and
/// ties. Its ends and its middle (Hodges and Lehmann's) are order statistics of all differences, which Kayenta finds by
/// a root finder whose tolerance is left out here, as are its outliers' removal (off by default) and its scores.
bool is_high(std::span<const double> control, std::span<const double> seen) {
  constexpr double kTolerance = 0.25;
  constexpr double kEffect = 1.2;                // allowedIncrease, of the means' ratio
  constexpr double kNormal = 2.326347874040841;  // two-sided confidence .98
  if (mean(control) > 0 && mean(seen) / mean(control) < kEffect) return false;
  std::vector<double> differences;
  differences.reserve(control.size() * seen.size());
  for (const double one : seen) {
    for (const double other : control) differences.push_back(one - other);
  }
  const auto all = static_cast<double>(control.size() + seen.size());
  const auto pairs = static_cast<double>(differences.size());
  const double sigma = std::sqrt(pairs / 12 * (all + 1 - (ties(control) + ties(seen)) / (all * (all - 1))));
  const auto greatest = [&](double rank) {
    const auto nth = differences.begin() + static_cast<std::ptrdiff_t>(std::min(std::ceil(rank), pairs)) - 1;
    std::ranges::nth_element(differences, nth, std::greater{});
    return *nth;
  };
  return greatest(pairs / 2 + 0.5 + kNormal * sigma) > kTolerance * std::abs(greatest(pairs / 2));
}

/// To the letter: one read of the last five minutes, every five minutes.
std::optional<Duration> by_sop(const Series& series) {
  const Limits limits(series);
  for (Duration at = kRead; at <= kAfter; at += kRead) {
    const auto seen = series.seen(at - kRead, at);
    const bool is_exhausted = seen.cpu.value_or(0) >= 95 || seen.memory.value_or(0) >= 95;
    if (limits.fails(seen) || limits.is_slow(seen) || is_exhausted) return at;
  }
  return std::nullopt;
}

/// Kayenta's NetflixACAJudge (github.com/spinnaker/kayenta) over all minutes since the switch, beside those of the hour
/// before it: a blue-green switch leaves no control that runs beside. A metric that is High fails.
std::optional<Duration> by_kayenta(const Series& series) {
  constexpr std::ptrdiff_t kFewest = 6;  // with fewer the test is mostly wrong
  const auto control = minutes_of(series, -1h, Duration{0});
  const auto seen = minutes_of(series, Duration{0}, kAfter);
  for (Duration at = kRead; at <= kAfter; at += kRead) {
    for (std::size_t metric = 0; metric < seen.size(); ++metric) {
      const auto& [ends, values] = seen[metric];
      const auto so_far = std::ranges::upper_bound(ends, at) - ends.begin();
      if (so_far < kFewest || control[metric].values.empty()) continue;
      if (is_high(control[metric].values, std::span(values).first(static_cast<std::size_t>(so_far)))) return at;
    }
  }
  return std::nullopt;
}

/// An analysis of Argo Rollouts (argo-rollouts.readthedocs.io, "Analysis") that runs as long as the window, by the
/// SOP's limits on the last minute: initialDelay 60s, interval a step, failureLimit 2. NaN is taken for well.
std::optional<Duration> by_argo(const Series& series) {
  constexpr int kFailureLimit = 2;
  const Limits limits(series);
  int failing = 0;
  int slow = 0;
  for (Duration at = 1min; at <= kAfter; at += kStep) {
    const auto seen = series.seen(at - 1min, at);
    failing += limits.fails(seen) ? 1 : 0;
    slow += limits.is_slow(seen) ? 1 : 0;
    if (failing > kFailureLimit || slow > kFailureLimit) return at;
  }
  return std::nullopt;
}

constexpr Peer kPeers[] = {{"SOP", by_sop}, {"Kayenta", by_kayenta}, {"Argo", by_argo}};

}  // namespace

std::span<const Peer> peers() { return kPeers; }

}  // namespace baton::accuracy
