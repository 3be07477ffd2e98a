// Confidence bounds and sample sizes for two proportions.
#include "common/judge/proportions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace baton::judge {
namespace {

struct Interval {
  double low;
  double high;
};

Interval wilson(const Counts& counts, double z) {
  const double n = counts.requests;
  const double p = std::clamp(counts.errors / n, 0.0, 1.0);
  const double centre = p + z * z / (2 * n);
  const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

/// The chance of at least `hits` of `n` at `p` each: a sum from `hits` on, which falls fast where it matters. Counts of
/// rates are no whole numbers.
double tail(double hits, double n, double p) {
  if (hits <= 0) return 1;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  double term = std::exp(std::lgamma(n + 1) - std::lgamma(hits + 1) - std::lgamma(std::max(0.0, n - hits) + 1) +
                         hits * std::log(p) + std::max(0.0, n - hits) * std::log1p(-p));
  double sum = 0;
  for (double k = hits; k <= n && term > sum * 1e-12; ++k) {
    sum += term;
    term *= (n - k) / (k + 1) * p / (1 - p);
  }
  return std::min(1.0, sum);
}

/// Clopper and Pearson's: Wilson's is too bold where a handful of errors decides. Many are as good as normal.
double exact_low(const Counts& counts, double z) {
  constexpr double kMany = 200;
  if (counts.errors <= 0) return 0;
  if (counts.errors > kMany) return wilson(counts, z).low;
  const double alpha = 0.5 * std::erfc(z / std::numbers::sqrt2);
  double low = 0;
  double high = std::min(1.0, counts.errors / counts.requests);
  for (int round = 0; round < 40; ++round) {
    const double middle = (low + high) / 2;
    (tail(counts.errors, counts.requests, middle) < alpha ? low : high) = middle;
  }
  return low;
}

}  // namespace

double difference_lower_bound(const Counts& seen, const Counts& before, double z) {
  if (seen.requests <= 0 || before.requests <= 0) return -100;
  const double p1 = seen.errors / seen.requests;
  const double p0 = before.errors / before.requests;
  const double down = p1 - exact_low(seen, z);
  const double up = wilson(before, z).high - p0;
  return 100 * (p1 - p0 - std::sqrt(down * down + up * up));
}

double share_lower_bound(const Counts& counts, double z) { return counts.requests > 0 ? exact_low(counts, z) : 0; }

/// What is certain of the hits, and of those that are none.
Share share_of(long long hits, long long all) {
  constexpr double kNormal = 1.96;
  const auto counts = [&](long long some) {
    return Counts{.errors = static_cast<double>(some), .requests = static_cast<double>(all)};
  };
  return {.percent = counts(hits).percent(),
          .low = 100 * share_lower_bound(counts(hits), kNormal),
          .high = 100 - 100 * share_lower_bound(counts(all - hits), kNormal)};
}

std::string share_text(const Share& share) {
  return fmt::format("{:.1f} [{:.1f}, {:.1f}]", share.percent, share.low, share.high);
}

double requests_needed(const Counts& before, double points, double z) {
  if (before.requests <= 0 || points <= 0) return std::numeric_limits<double>::infinity();
  constexpr double kPower = 1.2815515655446004;  // the normal quantile of 0.9
  const double p0 = std::clamp(before.errors / before.requests, 0.0, 1.0);
  const double p1 = std::min(1.0, p0 + points / 100);
  const double shift = p1 - p0;
  if (shift <= 0) return std::numeric_limits<double>::infinity();
  // The other arm is fixed: a few rounds settle the ratio that n itself appears in. A smaller arm than n would make n
  // endless: that its own share is uncertain is the bound's matter, which decides what is over the limit.
  double n = 100;
  for (int round = 0; round < 20; ++round) {
    const double last = n;
    const double ratio = std::max(1.0, before.requests / n);
    const double pooled = (p1 + ratio * p0) / (1 + ratio);
    const double under_null = z * std::sqrt((1 + 1 / ratio) * pooled * (1 - pooled));
    const double under_shift = kPower * std::sqrt(p1 * (1 - p1) + p0 * (1 - p0) / ratio);
    n = (under_null + under_shift) / shift;
    n *= n;
    if (std::abs(n - last) < 1e-9 * n) break;
  }
  return std::ceil(n);
}

double normal_quantile(double p) {
  double low = -9;
  double high = 9;
  for (int round = 0; round < 80; ++round) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::numbers::sqrt2) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace baton::judge
