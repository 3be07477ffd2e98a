// Values with their units, as findings hold them: what was seen, and what was asked for.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

/// Nothing, a number with its unit, or a text ("2/3", a digest, a name).
class Measured {
 public:
  Measured() = default;
  Measured(std::string text) : text_(std::move(text)) {}
  Measured(std::string_view text) : text_(text) {}
  Measured(const char* text) : text_(text) {}
  /// `unit` as people write it behind the number: "%", "ms", "B", "nodes"; empty for a plain count.
  Measured(double number, std::string_view unit) : number_(number), unit_(unit) {}
  template <std::integral T>
  Measured(T number, std::string_view unit) : Measured(static_cast<double>(number), unit) {}

  bool is_empty() const { return !number_ && text_.empty(); }
  const std::optional<double>& number() const { return number_; }
  const std::string& unit() const { return unit_; }  ///< empty of a text
  /// As handoffs carry it: "5.5", or the text.
  std::string decimal() const;
  /// For people: "5.5 %", "185 ms", "3 nodes", "1.2 MB", or the text.
  std::string text() const;
  bool operator==(const Measured&) const = default;

 private:
  std::optional<double> number_ = {};
  std::string unit_ = {};
  std::string text_ = {};
};

/// What a finding's value must be: "<= 185 ms (baseline +100%)", or a text ("all Ready").
struct Expected {
  std::string relation = {};  ///< "<=", "<", ">=", "="; empty: `value` says it alone
  Measured value = {};
  std::string basis = {};  ///< what the number was made of: "baseline +100%"

  Expected() = default;
  Expected(std::string text) : value(std::move(text)) {}
  Expected(const char* text) : value(text) {}
  Expected(std::string_view sign, Measured limit, std::string made_of = {})
      : relation(sign), value(std::move(limit)), basis(std::move(made_of)) {}

  bool is_empty() const { return value.is_empty(); }
  /// As handoffs carry it beside the unit: "<= 185 (baseline +100%)".
  std::string decimal() const;
  std::string text() const;
  bool operator==(const Expected&) const = default;
};

/// What Measured::decimal() wrote, with the unit that stood beside it: a number where there is a unit and it is one.
Measured measured_from(const std::string& decimal, const std::string& unit);
/// What Expected::decimal() wrote.
Expected expected_from(const std::string& decimal, const std::string& unit);

}  // namespace baton
