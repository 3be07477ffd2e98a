// Poco 1.11 turns 2^64 into 0, lets the last of two equal keys win and cuts a key at NUL; none of that is JSON to us.
#include "common/core/json_scan.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <forward_list>
#include <set>
#include <string>
#include <utility>

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton {
namespace {

// Objects with more keys than this look them up in a tree: the others find them faster one by one.
constexpr std::size_t kFewKeys = 16;

class Scanner {
 public:
  Scanner(std::string_view text, std::string_view name, const JsonLimits& limits)
      : text_(text), name_(name), limits_(limits) {}

  std::vector<std::uint32_t> scan() {
    if (text_.size() > limits_.bytes) fail("larger than the cap of " + std::to_string(limits_.bytes) + " bytes");
    if (!is_utf8(text_)) fail("not valid UTF-8");
    skip_space();
    value(0);
    skip_space();
    if (at_ != text_.size()) fail("something stands behind the value");
    return std::move(sizes_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < at_ && i < text_.size(); ++i) {
      column = text_[i] == '\n' ? 1 : column + 1;
      if (text_[i] == '\n') ++line;
    }
    throw Error(ExitCode::unknown,
                std::string(name_) + ":" + std::to_string(line) + ":" + std::to_string(column) + ": not JSON: " + what,
                "Correct or rebuild the file.");
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool skip(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  void value(int depth) {
    const bool is_container = peek() == '{' || peek() == '[';
    if (is_container && depth >= limits_.depth) fail("nested deeper than " + std::to_string(limits_.depth));
    switch (peek()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        string();
        return;
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  void object(int depth) {
    const std::size_t first_key = keys_.size();
    std::set<std::string_view> many;
    const std::size_t own = sizes_.size();
    sizes_.push_back(0);
    ++at_;
    skip_space();
    if (skip('}')) return;
    do {
      ++sizes_[own];
      skip_space();
      check_key(first_key, many);
      skip_space();
      if (!skip(':')) fail("expected ':'");
      skip_space();
      value(depth + 1);
      skip_space();
    } while (skip(','));
    keys_.resize(first_key);
    if (!skip('}')) fail("expected ',' or '}'");
  }

  /// The object's own keys stand in keys_ from `first` on, or all in `many`.
  bool is_known(std::string_view key, std::size_t first, std::set<std::string_view>& many) {
    if (!many.empty()) return !many.insert(key).second;
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::find(begin, keys_.end(), key) != keys_.end()) return true;
    keys_.push_back(key);
    if (keys_.size() - first > kFewKeys) many.insert(keys_.begin() + static_cast<std::ptrdiff_t>(first), keys_.end());
    return false;
  }

  void check_key(std::size_t first, std::set<std::string_view>& many) {
    std::string_view key = string();
    // Equal names may be spelled with different escapes.
    if (key.find('\\') != std::string_view::npos) key = spelled_out_.emplace_front(unescaped(key));
    if (key.find('\0') != std::string_view::npos) fail("a key holds \\u0000");
    if (is_known(key, first, many)) fail("key '" + printable(key, 80) + "' stands twice");
  }

  std::string unescaped(std::string_view raw) const {
    return parse_json("\"" + std::string(raw) + "\"", name_).string();
  }

  void array(int depth) {
    const std::size_t own = sizes_.size();
    sizes_.push_back(0);
    ++at_;
    skip_space();
    if (skip(']')) return;
    do {
      ++sizes_[own];
      skip_space();
      value(depth + 1);
      skip_space();
    } while (skip(','));
    if (!skip(']')) fail("expected ',' or ']'");
  }

  /// The text between the quotes, escapes as they stand.
  std::string_view string() {
    if (!skip('"')) fail(at_ < text_.size() ? "expected a string" : "it ends too early");
    const std::size_t start = at_;
    while (true) {
      while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
      if (at_ >= text_.size()) fail("it ends within a string");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) fail("control character in a string");
      ++at_;
      if (c == '\\') escape();
    }
    return text_.substr(start, at_++ - start);
  }

  static bool is_plain(char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; }

  void escape() {
    if (!skip('u')) {
      if (at_ >= text_.size() || std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos)
        fail("unknown escape");
      ++at_;
      return;
    }
    const unsigned unit = hex4();
    if (unit >= 0xDC00 && unit <= 0xDFFF) fail("lone surrogate");
    if (unit < 0xD800 || unit > 0xDBFF) return;
    const bool is_pair = skip('\\') && skip('u');
    const unsigned low = is_pair ? hex4() : 0;
    if (low < 0xDC00 || low > 0xDFFF) fail("lone surrogate");
  }

  unsigned hex4() {
    unsigned unit = 0;
    const auto digits = text_.substr(at_, 4);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (digits.size() != 4 || error != std::errc{} || end != digits.data() + 4) fail("bad \\u escape");
    at_ += 4;
    return unit;
  }

  void word(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) fail("expected a value");
    at_ += wanted.size();
  }

  void digits() {
    const std::size_t start = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    if (start == at_) fail(start < text_.size() ? "expected a value" : "it ends too early");
  }

  void number() {
    const std::size_t start = at_;
    skip('-');
    if (!skip('0')) digits();
    bool whole = true;
    if (skip('.')) {
      whole = false;
      digits();
    }
    if (skip('e') || skip('E')) {
      whole = false;
      if (!skip('+')) skip('-');
      digits();
    }
    check_range(text_.substr(start, at_ - start), whole);
  }

  void check_range(std::string_view digits, bool whole) const {
    const char* end = digits.data() + digits.size();
    if (whole) {
      std::int64_t value = 0;
      if (std::from_chars(digits.data(), end, value).ec != std::errc{}) fail("whole number beyond 64 bits");
      return;
    }
    double value = 0;
    const auto error = std::from_chars(digits.data(), end, value).ec;
    if (error == std::errc::result_out_of_range && std::abs(value) > 1) fail("number out of range");
  }

  std::string_view text_;
  std::string_view name_;
  const JsonLimits& limits_;
  std::size_t at_ = 0;
  std::vector<std::uint32_t> sizes_ = {};
  std::vector<std::string_view> keys_ = {};          ///< of the objects that are open
  std::forward_list<std::string> spelled_out_ = {};  ///< keys that were written with escapes
};

}  // namespace

std::vector<std::uint32_t> scan_json(std::string_view text, std::string_view name, const JsonLimits& limits) {
  return Scanner(text, name, limits).scan();
}

}  // namespace baton
