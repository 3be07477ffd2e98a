// Arithmetic that stops at the largest number instead of going round.
#include "tools/precheck/capacity/amounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/quantity.h"
#include "common/core/units.h"

namespace baton::precheck {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
/// Of a thousandth: less than a quantity can say, more than a product of doubles is wrong by.
constexpr double kSlack = 5e-7;

std::int64_t sum_of(std::int64_t one, std::int64_t other) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(one, other, &sum) ? kMost : sum;
}

bool is_cpu(std::string_view resource) { return resource == kCpu || resource.ends_with(".cpu"); }

bool is_bytes(std::string_view resource) {
  return resource.ends_with("memory") || resource.ends_with("storage") || resource.find("hugepages-") != resource.npos;
}

}  // namespace

std::int64_t amount_in(std::string_view resource, const Json& quantity) {
  if (quantity.is_null()) return 0;
  const auto text = quantity.is_number() ? to_text(quantity) : quantity.string_or("");
  const auto parsed = parse_quantity(text);
  if (!parsed) {
    throw Error(ExitCode::unknown,
                fmt::format("'{}' of {} is no quantity", printable(text, 60), printable(resource, 60)),
                "Correct the quantity in the manifest.");
  }
  if (!is_cpu(resource)) return parsed->whole;
  const double thousandths = std::ceil(parsed->value * 1000 - kSlack);
  return thousandths >= 0x1p63 ? kMost : static_cast<std::int64_t>(thousandths);
}

Amounts amounts_in(const Json& list) {
  Amounts amounts;
  for (const auto& [name, quantity] : list.members_or_none()) amounts[name] = amount_in(name, quantity);
  return amounts;
}

std::int64_t amount(const Amounts& amounts, std::string_view resource) {
  const auto found = amounts.find(resource);
  return found == amounts.end() ? 0 : found->second;
}

void add(Amounts& sum, const Amounts& more) {
  for (const auto& [name, value] : more) sum[name] = sum_of(sum[name], value);
}

void raise(Amounts& to, const Amounts& other) {
  for (const auto& [name, value] : other) to[name] = std::max(to[name], value);
}

Amounts times(Amounts amounts, std::int64_t factor) {
  for (auto& [name, value] : amounts) {
    std::int64_t product = 0;
    value = __builtin_mul_overflow(value, factor, &product) ? kMost : product;
  }
  return amounts;
}

std::string amount_text(std::string_view resource, std::int64_t amount) {
  if (is_cpu(resource)) {
    const auto cores = static_cast<double>(amount) / 1000;
    return number_text(cores, 3) + (cores == 1 ? " core" : " cores");
  }
  return is_bytes(resource) ? size_text(amount) : std::to_string(amount);
}

}  // namespace baton::precheck
