// Error rates are proportions: they are compared by counts, never by ratios alone (decisions 7).
#pragma once

#include <string>

namespace baton::judge {

struct Counts {
  double errors = 0;
  double requests = 0;
  double percent() const { return requests > 0 ? 100 * errors / requests : 0; }
  bool operator==(const Counts&) const = default;
};

/// One-sided 2 % spent over the 480 looks of two hours at 15 s (Bonferroni): each look may err once in 24,000.
inline constexpr double kLookAlpha = 0.02 / 480;

/// Lower confidence bound of p(seen) - p(before) in percentage points, by Newcombe's hybrid of two intervals
/// (Statistics in Medicine 17, 1998, method 10), of which what was seen has Clopper and Pearson's instead of Wilson's
/// up to 200 errors. `z` is the normal quantile of 1 - alpha. -100 where either side has no requests.
double difference_lower_bound(const Counts& seen, const Counts& before, double z);

/// Lower confidence bound of the share of errors, 0 … 1, as above; 0 without requests.
double share_lower_bound(const Counts& counts, double z);

/// How many of all, in percent.
struct Share {
  double percent = 0;
  double low = 0;  ///< of its 95 % interval: Clopper and Pearson's, of more than 200 Wilson's
  double high = 100;
};
Share share_of(long long hits, long long all);
/// "0.6 [0.0, 3.4]".
std::string share_text(const Share& share);

/// Requests needed to tell a true rise of `points` percentage points over `before` from no change with power 0.9 at
/// `z` (normal approximation for two proportions, the arm before at least as large).
double requests_needed(const Counts& before, double points, double z);

/// The standard normal distribution's quantile for 1e-12 < p < 1 - 1e-12.
double normal_quantile(double p);

}  // namespace baton::judge
