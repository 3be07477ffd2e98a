// Kubernetes quantities, by whole numbers only: resource.Quantity of k8s.io/apimachinery.
#include "common/core/quantity.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace baton {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kNanoDigits = 9;
constexpr Wide kBillion = 1'000'000'000;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr Wide kMostNano = static_cast<Wide>(kMost) * kBillion;
/// No server writes more; all that is done with the digits stays cheap.
constexpr std::size_t kMaxText = 1000;

struct Suffix {
  std::string_view text;
  int decimal = 0;  ///< power of ten
  int binary = 0;   ///< power of two
};

constexpr std::array kSuffixes = {
    Suffix{"n", -9},     Suffix{"u", -6},     Suffix{"m", -3},     Suffix{"", 0},
    Suffix{"k", 3},      Suffix{"M", 6},      Suffix{"G", 9},      Suffix{"T", 12},
    Suffix{"P", 15},     Suffix{"E", 18},     Suffix{"Ki", 0, 10}, Suffix{"Mi", 0, 20},
    Suffix{"Gi", 0, 30}, Suffix{"Ti", 0, 40}, Suffix{"Pi", 0, 50}, Suffix{"Ei", 0, 60},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take_minus(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

std::optional<Suffix> exponent(std::string_view text) {
  if (!text.starts_with('e') && !text.starts_with('E')) return std::nullopt;
  text.remove_prefix(1);
  const bool negative = take_minus(text);
  if (text.empty() || text.size() > 4 || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  int value = 0;
  for (const char c : text) value = 10 * value + (c - '0');
  return Suffix{.text = {}, .decimal = negative ? -value : value};
}

std::optional<Suffix> suffix_of(std::string_view text) {
  const auto found = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix& s) { return s.text == text; });
  return found == kSuffixes.end() ? exponent(text) : *found;
}

struct Digits {
  std::string text;  ///< without the point
  int behind = 0;    ///< how many stand behind it
};

std::optional<Digits> take_digits(std::string_view& text) {
  const auto length = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = text.substr(0, length);
  const auto point = std::min(number.find('.'), number.size());
  Digits digits{.text = std::string(number.substr(0, point))};
  if (point < number.size()) {
    const auto fraction = number.substr(point + 1);
    digits.text += fraction;
    digits.behind = static_cast<int>(fraction.size());
  }
  if (digits.text.empty() || digits.text.find('.') != std::string::npos) return std::nullopt;
  text.remove_prefix(length);
  return digits;
}

void double_digits(std::string& digits) {
  int carry = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const int doubled = 2 * (*digit - '0') + carry;
    *digit = static_cast<char>('0' + doubled % 10);
    carry = doubled / 10;
  }
  if (carry > 0) digits.insert(digits.begin(), '1');
}

/// digits · 10^power, rounded up; never more than kMostNano.
Wide scaled(std::string digits, int power) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return 0;
  const auto cut = std::min(digits.size(), static_cast<std::size_t>(std::max(0, -power)));
  const bool lost = digits.find_first_not_of('0', digits.size() - cut) != std::string::npos;
  digits.resize(digits.size() - cut);
  constexpr std::size_t kSurelyCapped = 30;
  if (digits.size() + static_cast<std::size_t>(std::max(0, power)) > kSurelyCapped) return kMostNano;
  digits.append(static_cast<std::size_t>(std::max(0, power)), '0');
  Wide value = 0;
  for (const char c : digits) value = 10 * value + static_cast<unsigned>(c - '0');
  return std::min(value + (lost ? 1 : 0), kMostNano);
}

}  // namespace

std::optional<Quantity> parse_quantity(std::string_view text) {
  if (text.size() > kMaxText) return std::nullopt;
  const bool negative = take_minus(text);
  auto digits = take_digits(text);
  const auto suffix = suffix_of(text);
  if (!digits || !suffix) return std::nullopt;
  for (int bit = 0; bit < suffix->binary; ++bit) double_digits(digits->text);
  // Rounding goes away from zero, for both signs.
  const Wide nano = scaled(std::move(digits->text), suffix->decimal - digits->behind + kNanoDigits);
  const auto whole = static_cast<std::int64_t>((nano + kBillion - 1) / kBillion);
  const Wide units = nano / kBillion;
  const double value = static_cast<double>(units) + static_cast<double>(nano % kBillion) / 1e9;
  return Quantity{.whole = negative ? -whole : whole, .value = negative ? -value : value};
}

}  // namespace baton
