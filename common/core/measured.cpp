// One form for machines, one for people.
#include "common/core/measured.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "common/core/number.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton {
namespace {

constexpr int kStoredDecimals = 6;

/// Units that count things, and how one of them is called.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOfOne{{{"endpoints", "endpoint"},
                                                                               {"entries", "entry"},
                                                                               {"lines", "line"},
                                                                               {"metrics", "metric"},
                                                                               {"nodes", "node"},
                                                                               {"probes passed", "probe passed"},
                                                                               {"tests passed", "test passed"}}};

std::string_view unit_for(double number, std::string_view unit) {
  const auto* const found = std::ranges::find(kOfOne, unit, &std::pair<std::string_view, std::string_view>::first);
  return number == 1 && found != kOfOne.end() ? found->second : unit;
}

/// Two decimals are enough for people; what would vanish then gets its first four.
int shown_decimals(double number) { return number != 0 && std::abs(number) < 0.1 ? 4 : 2; }

std::string joined(const Expected& expected, const std::string& value) {
  const std::string relation = expected.relation.empty() ? "" : expected.relation + " ";
  return relation + value + in_brackets(expected.basis);
}

/// The relation that `text` begins with, taken off it; empty when it begins with none.
std::string take_relation(std::string_view& text) {
  for (const std::string_view sign : {"<=", ">=", "<", ">", "="}) {
    if (!text.starts_with(sign) || !text.substr(sign.size()).starts_with(' ')) continue;
    text.remove_prefix(sign.size() + 1);
    return std::string(sign);
  }
  return {};
}

}  // namespace

std::string Measured::decimal() const { return number_ ? number_text(*number_, kStoredDecimals) : text_; }

std::string Measured::text() const {
  if (!number_) return text_;
  if (unit_ == "B") return size_text(static_cast<std::int64_t>(*number_));
  return number_text(*number_, shown_decimals(*number_)) +
         (unit_.empty() ? "" : " " + std::string(unit_for(*number_, unit_)));
}

std::string Expected::decimal() const { return joined(*this, value.decimal()); }
std::string Expected::text() const {
  if (relation != "=") return joined(*this, value.text());
  return value.text() + in_brackets(basis);
}

Measured measured_from(const std::string& decimal, const std::string& unit) {
  const auto number = unit.empty() ? std::nullopt : parse_decimal(decimal);
  return number ? Measured(*number, unit) : Measured(decimal);
}

Expected expected_from(const std::string& decimal, const std::string& unit) {
  std::string_view rest = decimal;
  const std::string relation = take_relation(rest);
  const auto behind = rest.find(" (");
  const bool has_basis = behind != std::string_view::npos && rest.ends_with(')');
  const auto number = unit.empty() || relation.empty() ? std::nullopt : parse_decimal(rest.substr(0, behind));
  if (!number) return decimal;
  const auto basis = has_basis ? rest.substr(behind + 2, rest.size() - behind - 3) : std::string_view();
  return {relation, Measured(*number, unit), std::string(basis)};
}

}  // namespace baton
