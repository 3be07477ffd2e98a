// Kubernetes quantities, by whole numbers only: resource.Quantity of k8s.io/apimachinery.
#include <array>
#include <cmath>
#include <limits>

#include "common/core/units.h"

namespace baton {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr int kNanoDigits = 9;
/// Larger than any quantity that is not capped, small enough that one more digit or factor does not overflow.
constexpr Wide kEnough = static_cast<Wide>(1) << 110U;

struct Suffix {
  std::string_view text;
  int decimal = 0;  ///< power of ten
  int binary = 0;   ///< power of two
};

constexpr std::array kSuffixes = {
    Suffix{"n", -9},     Suffix{"u", -6},     Suffix{"m", -3},     Suffix{"", 0},       Suffix{"k", 3},
    Suffix{"M", 6},      Suffix{"G", 9},      Suffix{"T", 12},     Suffix{"P", 15},     Suffix{"E", 18},
    Suffix{"Ki", 0, 10}, Suffix{"Mi", 0, 20}, Suffix{"Gi", 0, 30}, Suffix{"Ti", 0, 40}, Suffix{"Pi", 0, 50},
    Suffix{"Ei", 0, 60},
};

std::optional<Suffix> exponent(std::string_view text) {
  if (text.size() < 2 || (text.front() != 'e' && text.front() != 'E')) return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  return Suffix{.text = {}, .decimal = negative ? -value : value};
}

std::optional<Suffix> suffix_of(std::string_view text) {
  for (const auto& suffix : kSuffixes) {
    if (suffix.text == text) return suffix;
  }
  return exponent(text);
}

struct Digits {
  Wide value = 0;
  int scale = 0;      ///< digits behind the point
  bool lost = false;  ///< a digit that is not zero did not fit: rounds up
};

std::optional<Digits> take_digits(std::string_view& text) {
  Digits digits;
  bool any = false;
  bool behind = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.' && !behind) {
      behind = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (digits.value >= kEnough) {
      // Before the point it is capped in any case; behind it only rounding is left.
      digits.lost = digits.lost || c != '0';
      if (!behind) --digits.scale;
      continue;
    }
    digits.value = 10 * digits.value + static_cast<unsigned>(c - '0');
    if (behind) ++digits.scale;
  }
  if (!any) return std::nullopt;
  return digits;
}

/// value · 10^power, rounded up, capped.
Wide shifted(Wide value, int power, bool lost) {
  for (; power > 0 && value < kEnough && value != 0; --power) value *= 10;
  for (; power < 0 && value != 0; ++power) {
    lost = lost || value % 10 != 0;
    value /= 10;
  }
  return lost ? value + 1 : value;
}

}  // namespace

std::optional<Quantity> parse_quantity(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto digits = take_digits(text);
  const auto suffix = suffix_of(text);
  if (!digits || !suffix) return std::nullopt;
  const int power = suffix->decimal - digits->scale;
  Wide scaled = digits->value;
  for (int bit = 0; bit < suffix->binary && scaled < kEnough; ++bit) scaled *= 2;
  const Wide nano = shifted(scaled, power + kNanoDigits, digits->lost);
  constexpr Wide kBillion = 1'000'000'000;
  const Wide whole = nano / kBillion + (nano % kBillion != 0 ? 1 : 0);
  Quantity quantity{.whole = whole > static_cast<Wide>(kMost) ? kMost : static_cast<std::int64_t>(whole),
                    .value = std::min(static_cast<double>(nano) / 1e9, static_cast<double>(kMost))};
  if (negative) {
    // Rounding goes away from zero, as Quantity.RoundUp does.
    quantity.whole = -quantity.whole;
    quantity.value = -quantity.value;
  }
  return quantity;
}

}  // namespace baton
