// JSON values that keep member order, whole numbers and types exactly; nothing is coerced.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace baton {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;  ///< in the order written; keys are unique

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}

  static Json array(std::initializer_list<Json> items = {});
  static Json array(Array items);
  static Json object(std::initializer_list<Member> members = {});

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  /// The value, or Error{unknown} "expected a string, found null" when it is of another type.
  bool boolean() const;
  std::int64_t integer() const;
  double number() const;  ///< also of an integer
  const std::string& string() const;
  const Array& items() const;
  const Object& members() const;
  Array& items();
  Object& members();

  /// The value, or `fallback` when it is null or absent; a wrong type still throws.
  std::string string_or(std::string_view fallback) const;
  std::int64_t integer_or(std::int64_t fallback) const;
  bool boolean_or(bool fallback) const;
  /// The items; none when null or absent.
  const Array& items_or_none() const;
  const Object& members_or_none() const;

  /// The member, or nullptr when this is no object or has none of that name.
  const Json* find(std::string_view key) const;
  /// The member, or null when there is none, so that paths can be written down: pod["status"]["phase"].
  const Json& operator[](std::string_view key) const;
  /// The member, made when absent; null becomes an object first.
  Json& operator[](std::string_view key);
  void erase(std::string_view key);
  /// Null becomes an array first.
  void push_back(Json item);
  /// Items or members; 0 for scalars.
  std::size_t size() const;

  bool operator==(const Json& other) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

/// The array of what `convert` makes of each item.
template <typename Items, typename Convert>
Json json_list(const Items& items, Convert convert) {
  Json all = Json::array();
  for (const auto& item : items) all.push_back(convert(item));
  return all;
}
Json json_list(const std::vector<std::string>& texts);

struct JsonLimits {
  std::size_t bytes = 64U << 20U;
  int depth = 100;
  /// Members of these names that are objects or arrays are read past, and are not in the value: of a large list that is
  /// most of its memory.
  std::span<const std::string_view> without = {};
};

/// Parses any JSON value (RFC 8259). `name` goes into messages: "trivy.json:3:14: …".
/// Throws Error{unknown} on anything else than JSON: truncated, too large, too deep, invalid UTF-8, duplicate keys,
/// integers beyond 64 bits, control characters.
Json parse_json(std::string_view text, std::string_view name, const JsonLimits& limits = {});
/// The same without a copy of the text, when it stands in a string of its own and is an object or array.
template <std::same_as<std::string> Text>
Json parse_json(const Text& text, std::string_view name, const JsonLimits& limits = {});
extern template Json parse_json(const std::string& text, std::string_view name, const JsonLimits& limits);

std::string to_text(const Json& value);         ///< one line
std::string to_pretty_text(const Json& value);  ///< two spaces, a line end at the end
/// RFC 6901; nullptr when nothing is there.
const Json* resolve_pointer(const Json& value, std::string_view pointer);

}  // namespace baton
