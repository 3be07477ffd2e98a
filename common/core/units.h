// Values that carry their unit: durations, percents, sizes, Kubernetes quantities and limits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/core/time.h"

namespace baton {

/// "200ms", "15s", "5m", "2h", "7d", also "1h30m"; whole numbers, largest unit first. Nothing for anything else.
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest exact form, e.g. "1h30m"; "0s".
std::string to_text(Duration duration);
/// For people: "4m 12s", "350 ms".
std::string to_words(Duration duration);

/// "70%" → 70.0. Nothing without the sign, below 0 or when not a number.
std::optional<double> parse_percent(std::string_view text);
/// "500MB" (10^6), "20GiB" (2^30), "1024B" → bytes. Nothing without a unit or beyond 2^63 - 1.
std::optional<std::int64_t> parse_size(std::string_view text);
std::string size_text(std::int64_t bytes);  ///< "512.3 MB"

/// A share as a configuration says it: "70%".
struct Percent {
  double value = 0;
  bool operator==(const Percent&) const = default;
};
/// A size as a configuration says it: "500MB".
struct Size {
  std::int64_t bytes = 0;
  bool operator==(const Size&) const = default;
};

/// How a limit stands to the baseline. SOP, "Automatic Rollback Triggers"; decisions 6.
struct Limit {
  enum class Kind { plus_points, plus_share, above };
  Kind kind = Kind::above;
  double value = 0;  ///< percentage points, percent of the baseline, or percent

  /// The number that must be exceeded, in the metric's own unit; `baseline` likewise (an error rate and a usage in
  /// percent).
  double threshold(double baseline) const;
  bool operator==(const Limit&) const = default;
};
/// "+5pp", "+100%", "95%".
std::optional<Limit> parse_limit(std::string_view text);
std::string to_text(const Limit& limit);

/// At most `decimals` digits behind the point, trailing zeros cut: 5.50 → "5.5". NaN and infinities as "NaN", "+Inf",
/// "-Inf".
std::string number_text(double value, int decimals = 2);

}  // namespace baton
