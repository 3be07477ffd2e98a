// One table of alphabets: ranges are written "a-z", a "-" of its own comes last.
#include "tools/precheck/secrets/rules/char_class.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/core/error.h"

namespace baton::precheck::secrets {
namespace {

using Row = std::pair<std::string_view, std::string_view>;
constexpr std::array kClasses = {
    Row{"hex", "0-9a-f"},
    Row{"HEX", "0-9A-F"},
    Row{"hexany", "0-9a-fA-F"},
    Row{"dig", "0-9"},
    Row{"low", "a-z"},
    Row{"up", "A-Z"},
    Row{"alpha", "a-zA-Z"},
    Row{"low36", "a-z0-9"},
    Row{"up36", "A-Z0-9"},
    Row{"alnum", "a-zA-Z0-9"},
    Row{"b58", "1-9A-HJ-NP-Za-km-z"},
    Row{"b32low", "a-z2-7"},
    Row{"B32", "A-Z2-7"},
    Row{"bech32up", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"},
    Row{"b64", "A-Za-z0-9+/"},
    Row{"b64pad", "A-Za-z0-9+/="},
    Row{"b64url", "A-Za-z0-9_-"},
    Row{"b64urlpad", "A-Za-z0-9_=-"},
    Row{"b64urldot", "A-Za-z0-9_.-"},
    Row{"word", "A-Za-z0-9_"},
    Row{"urlid", "A-Za-z0-9_@+/-"},
    Row{"pct64", "A-Za-z0-9+/%"},
    Row{"entra", "A-Za-z0-9_~.-"},
    Row{"user", "A-Za-z0-9_.+%-"},
    Row{"host", "A-Za-z0-9.-"},
    Row{"path", "A-Za-z0-9._:/-"},
    Row{"djsec", "a-z0-9!@#$%^&*(_=+-"},
    // What stands between the lines of a key: of text, of JSON ("\n") and of indented YAML.
    Row{"pem", "A-Za-z0-9+/=\\ \r\n\t"},
    Row{"pemhdr", "A-Za-z0-9+/=\\ \r\n\t:,.\"()@<>-"},
    Row{"blank", " \t"},
};

void add_ranges(CharClass& set, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const bool is_range = at + 2 < text.size() && text[at + 1] == '-';
    const auto last = is_range ? static_cast<unsigned char>(text[at + 2]) : first;
    for (unsigned byte = first; byte <= last; ++byte) set.set(byte);
    if (is_range) at += 2;
  }
}

/// Printable ASCII but for these.
CharClass printable_without(std::string_view left_out) {
  CharClass set;
  for (unsigned byte = 0x21; byte < 0x7F; ++byte) set.set(byte);
  for (const char byte : left_out) set.reset(static_cast<unsigned char>(byte));
  return set;
}

}  // namespace

CharClass char_class(std::string_view name) {
  CharClass set;
  if (name == "pass") return printable_without("@/:\"'<>{}$`\\");
  if (name == "value") return printable_without("\"'()[]{}<>;,$\\`");
  if (name.starts_with("set") && name.size() > 3) {
    for (const char byte : name.substr(3)) set.set(static_cast<unsigned char>(byte));
    return set;
  }
  const auto* const row = std::ranges::find(kClasses, name, &Row::first);
  if (row == kClasses.end()) throw Error(ExitCode::error, fmt::format("there is no class '{}'", name));
  add_ranges(set, row->second);
  return set;
}

std::string class_pattern(const CharClass& set) {
  std::string text = "[";
  for (unsigned first = 0; first < set.size(); ++first) {
    if (!set[first]) continue;
    unsigned last = first;
    while (last + 1 < set.size() && set[last + 1]) ++last;
    text += first == last ? fmt::format("\\x{:02x}", first) : fmt::format("\\x{:02x}-\\x{:02x}", first, last);
    first = last;
  }
  return text + "]";
}

}  // namespace baton::precheck::secrets
