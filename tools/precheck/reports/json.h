// JSON as events: documents of any size, of which nothing is kept.
#pragma once

#include <functional>
#include <initializer_list>
#include <istream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace baton::precheck {

/// Where a value stands: its keys from the root on. An item of an array is named by its number, from 0 on.
class JsonPath {
 public:
  bool is(std::initializer_list<std::string_view> keys) const;
  /// Whether its first keys are these.
  bool begins(std::initializer_list<std::string_view> keys) const;
  const std::string& at(std::size_t level) const { return keys_.at(level); }
  std::size_t depth() const { return keys_.size(); }
  std::vector<std::string>& keys() { return keys_; }

 private:
  std::vector<std::string> keys_ = {};
};

/// What is neither an object nor an array; holds only while it is told.
struct JsonScalar {
  enum class Kind { null, boolean, number, text };
  Kind kind = Kind::null;
  std::string_view text = {};  ///< "true", "1.5e3", or the text itself

  /// Nothing where it is none.
  std::optional<double> number() const;
  bool is_true() const { return kind == Kind::boolean && text == "true"; }
};

struct JsonEvents {
  std::function<void(const JsonPath& at, const JsonScalar& value)> value;
  /// An object or array was closed; depth 0 is a document.
  std::function<void(const JsonPath& at)> end = [](const JsonPath&) {};
};

enum class JsonDocuments { one, many };
/// `many` stand behind one another, as with one a line. Throws Error{unknown} "NAME: …" on no document, on what is not
/// JSON in UTF-8, on a depth over 100 and on a text or number of more than about 1 MiB. Pulls the bytes as it needs
/// them; what the stream throws comes through.
void parse_json_events(std::istream& bytes, std::string_view name, JsonDocuments documents, const JsonEvents& events);
/// The keys of the first document that are seen in `head`, the beginning of a text, down to the second level: "a",
/// "a/b". Empty where it does not begin like a JSON object.
std::set<std::string> json_keys(std::string_view head);

}  // namespace baton::precheck
