// Poco 1.11 turns 2^64 into 0, lets the last of two equal keys win and cuts a key at NUL; none of that is JSON to us.
#include "common/core/json_scan.h"

#include <charconv>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton {
namespace {

class Scanner {
 public:
  Scanner(std::string_view text, std::string_view name, const JsonLimits& limits)
      : text_(text), name_(name), limits_(limits) {}

  void scan() {
    if (text_.size() > limits_.bytes) fail("larger than the cap of " + std::to_string(limits_.bytes) + " bytes");
    if (!is_utf8(text_)) fail("not valid UTF-8");
    skip_space();
    value(0);
    skip_space();
    if (at_ != text_.size()) fail("something stands behind the value");
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
    if (peek() != wanted || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

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
    std::set<std::string, std::less<>> keys;
    ++at_;
    skip_space();
    if (skip('}')) return;
    do {
      skip_space();
      check_key(keys);
      skip_space();
      if (!skip(':')) fail("expected ':'");
      skip_space();
      value(depth + 1);
      skip_space();
    } while (skip(','));
    if (!skip('}')) fail("expected ',' or '}'");
  }

  void check_key(std::set<std::string, std::less<>>& keys) {
    const auto raw = string();
    // Equal names may be spelled with different escapes.
    std::string key = raw.find('\\') == std::string_view::npos ? std::string(raw) : unescaped(raw);
    if (key.find('\0') != std::string::npos) fail("a key holds \\u0000");
    if (keys.find(key) != keys.end()) fail("key '" + printable(key, 80) + "' stands twice");
    keys.insert(std::move(key));
  }

  std::string unescaped(std::string_view raw) const {
    return parse_json("\"" + std::string(raw) + "\"", name_).string();
  }

  void array(int depth) {
    ++at_;
    skip_space();
    if (skip(']')) return;
    do {
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
      if (at_ >= text_.size()) fail("it ends within a string");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) fail("control character in a string");
      ++at_;
      if (c == '\\') escape();
    }
    return text_.substr(start, at_++ - start);
  }

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
};

}  // namespace

void scan_json(std::string_view text, std::string_view name, const JsonLimits& limits) {
  Scanner(text, name, limits).scan();
}

}  // namespace baton
