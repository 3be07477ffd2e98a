// The home of Poco/JSON: its tokenizer behind our own checks, and our own writer.
#include "common/core/json.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Handler.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/core/error.h"
#include "common/core/json_scan.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

/// Builds our tree from the events of Poco's parser. `sizes` are those of the containers, in the order they open: none
/// of them has to grow.
class TreeBuilder final : public Poco::JSON::Handler {
 public:
  TreeBuilder(std::vector<std::uint32_t> sizes, std::span<const std::string_view> without)
      : sizes_(std::move(sizes)), next_(sizes_.begin()), without_(without) {}

  void reset() override {}
  void startObject() override {
    const auto size = *next_++;
    if (is_past()) return;
    Json& object = add(Json::object());
    object.members().reserve(size);
    open_.push_back(&object);
  }
  void endObject() override { close(); }
  void startArray() override {
    const auto size = *next_++;
    if (is_past()) return;
    Json& array = add(Json::array());
    array.items().reserve(size);
    open_.push_back(&array);
  }
  void endArray() override { close(); }
  void key(const std::string& name) override { key_ = name; }
  void null() override { take_in({}); }
  void value(int number) override { take_in(number); }
  void value(unsigned number) override { take_in(number); }
  void value(Poco::Int64 number) override { take_in(static_cast<std::int64_t>(number)); }
  void value(Poco::UInt64 number) override { take_in(static_cast<std::int64_t>(number)); }
  void value(const std::string& text) override { take_in(text); }
  void value(double number) override { take_in(number); }
  void value(bool truth) override { take_in(truth); }

  Json take() { return std::move(root_); }

 private:
  /// Whether the container that opens is one to read past, or stands in such a one.
  bool is_past() {
    const bool is_left_out = past_ > 0 || (!open_.empty() && open_.back()->is_object() &&
                                           std::ranges::find(without_, key_) != without_.end());
    if (is_left_out) ++past_;
    return is_left_out;
  }
  void close() {
    if (past_ > 0) {
      --past_;
    } else {
      open_.pop_back();
    }
  }
  void take_in(Json&& value) {
    if (past_ == 0) add(std::move(value));
  }
  Json& add(Json&& value) {
    if (open_.empty()) return root_ = std::move(value);
    Json& parent = *open_.back();
    if (parent.is_array()) return parent.items().emplace_back(std::move(value));
    return parent.members().emplace_back(std::move(key_), std::move(value)).second;
  }

  std::vector<std::uint32_t> sizes_;
  std::vector<std::uint32_t>::const_iterator next_;
  std::span<const std::string_view> without_;
  int past_ = 0;  ///< containers open that are read past
  Json root_;
  std::vector<Json*> open_;
  std::string key_;
};

/// Poco only takes objects and arrays at the top level.
bool is_container(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

Json tree_of(const std::string& container, std::vector<std::uint32_t> sizes, std::string_view name,
             const JsonLimits& limits) {
  try {
    Poco::SharedPtr<TreeBuilder> builder(new TreeBuilder(std::move(sizes), limits.without));
    Poco::JSON::Parser parser(builder);
    parser.setDepth(static_cast<std::size_t>(limits.depth) + 2);
    parser.parse(container);
    return builder->take();
  } catch (const Poco::Exception& error) {
    throw Error(ExitCode::unknown, std::string(name) + ": not JSON: " + printable(error.displayText(), 200),
                "Correct or rebuild the file.");
  }
}

std::string_view type_name(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return "a boolean";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a string";
  return value.is_array() ? "an array" : "an object";
}

[[noreturn]] void wrong_type(std::string_view expected, const Json& found) {
  throw Error(ExitCode::unknown, "expected " + std::string(expected) + ", found " + std::string(type_name(found)));
}

const Json kNull;
const Json::Array kNoItems;
const Json::Object kNoMembers;

}  // namespace

Json Json::array(std::initializer_list<Json> items) { return array(Array(items)); }

Json Json::array(Array items) {
  Json json;
  json.value_ = std::move(items);
  return json;
}

Json Json::object(std::initializer_list<Member> members) {
  Json json;
  json.value_ = Object(members);
  return json;
}

bool Json::boolean() const {
  if (const auto* value = std::get_if<bool>(&value_)) return *value;
  wrong_type("a boolean", *this);
}

std::int64_t Json::integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  wrong_type("a whole number", *this);
}

double Json::number() const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (is_integer()) return static_cast<double>(integer());
  wrong_type("a number", *this);
}

const std::string& Json::string() const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  wrong_type("a string", *this);
}

const Json::Array& Json::items() const {
  if (const auto* value = std::get_if<Array>(&value_)) return *value;
  wrong_type("an array", *this);
}

const Json::Object& Json::members() const {
  if (const auto* value = std::get_if<Object>(&value_)) return *value;
  wrong_type("an object", *this);
}

Json::Array& Json::items() { return const_cast<Array&>(std::as_const(*this).items()); }
Json::Object& Json::members() { return const_cast<Object&>(std::as_const(*this).members()); }

std::string Json::string_or(std::string_view fallback) const { return is_null() ? std::string(fallback) : string(); }
std::int64_t Json::integer_or(std::int64_t fallback) const { return is_null() ? fallback : integer(); }
bool Json::boolean_or(bool fallback) const { return is_null() ? fallback : boolean(); }
const Json::Array& Json::items_or_none() const { return is_null() ? kNoItems : items(); }
const Json::Object& Json::members_or_none() const { return is_null() ? kNoMembers : members(); }

const Json* Json::find(std::string_view key) const {
  const auto* members = std::get_if<Object>(&value_);
  if (members == nullptr) return nullptr;
  const auto found = std::ranges::find(*members, key, &Member::first);
  return found == members->end() ? nullptr : &found->second;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* found = find(key);
  return found == nullptr ? kNull : *found;
}

Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object{};
  if (const Json* found = find(key)) return const_cast<Json&>(*found);
  auto& all = members();
  all.emplace_back(std::string(key), Json());
  return all.back().second;
}

void Json::erase(std::string_view key) {
  std::erase_if(members(), [&](const Member& member) { return member.first == key; });
}

void Json::push_back(Json item) {
  if (is_null()) value_ = Array{};
  items().push_back(std::move(item));
}

std::size_t Json::size() const {
  if (is_array()) return items().size();
  return is_object() ? members().size() : 0;
}

template <std::same_as<std::string> Text>
Json parse_json(const Text& text, std::string_view name, const JsonLimits& limits) {
  std::vector<std::uint32_t> sizes = scan_json(text, name, limits);
  if (is_container(text)) return tree_of(text, std::move(sizes), name, limits);
  // A scalar travels in an array of one.
  Json tree = tree_of("[" + text + "]", {1}, name, limits);
  return std::move(tree.items().at(0));
}
template Json parse_json(const std::string& text, std::string_view name, const JsonLimits& limits);

Json parse_json(std::string_view text, std::string_view name, const JsonLimits& limits) {
  if (text.size() > limits.bytes) scan_json(text, name, limits);  // refuses it, before it is copied
  return parse_json(std::string(text), name, limits);
}

const Json* resolve_pointer(const Json& value, std::string_view pointer) {
  const Json* at = &value;
  if (pointer.empty()) return at;
  if (pointer.front() != '/') return nullptr;
  for (const auto& piece : split(pointer.substr(1), '/')) {
    const std::string token = replace_all(replace_all(piece, "~1", "/"), "~0", "~");
    if (at->is_object()) {
      at = at->find(token);
    } else {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
      const bool is_canonical = token == "0" || !token.starts_with('0');
      const bool is_index =
          at->is_array() && error == std::errc{} && end == token.data() + token.size() && is_canonical;
      at = is_index && index < at->size() ? &at->items()[index] : nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace baton
