// JSON as block YAML.
#include "tools/watch/object_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "common/core/text.h"

namespace baton::watch {
namespace {

bool is_nested(const Json& value) { return (value.is_object() || value.is_array()) && value.size() > 0; }

/// A list of plain values, or nothing at all, needs one line only.
bool is_short(const Json& value) {
  if (!is_nested(value)) return true;
  return value.is_array() && std::ranges::none_of(value.items(), is_nested);
}

/// A word that no reader of YAML takes for a number, a truth or nothing needs no quotes.
std::string scalar_text(const Json& value) {
  constexpr std::array<std::string_view, 8> kOthers = {"true", "false", "yes", "no", "on", "off", "null", "y"};
  if (!value.is_string() || value.string().empty()) return to_text(value);
  const auto& word = value.string();
  const bool is_plain = word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-") ==
                            std::string::npos &&
                        std::isalpha(static_cast<unsigned char>(word.front())) != 0 &&
                        std::ranges::find(kOthers, to_lower(word)) == kOthers.end() && word.size() > 1;
  return is_plain ? word : to_text(value);
}

bool is_text_of_lines(const Json& value) { return value.is_string() && value.string().ends_with('\n'); }

std::string lines_of(const std::string& text, const std::string& indent) {
  std::string lines = " |\n";
  auto all = split(text, '\n');
  all.pop_back();
  for (const auto& line : all) lines += line.empty() ? "\n" : indent + line + "\n";
  return lines;
}

std::string block(const Json& value, const std::string& indent) {
  std::string text;
  for (const auto& [key, member] : value.is_object() ? value.members() : Json::Object{}) {
    text += indent + key + ":";
    if (is_text_of_lines(member)) {
      text += lines_of(member.string(), indent + "  ");
    } else if (is_short(member)) {
      text += " " + scalar_text(member) + "\n";
    } else {
      text += "\n" + block(member, indent + "  ");
    }
  }
  for (const auto& item : value.is_array() ? value.items() : Json::Array{}) {
    auto inner = block(item, indent + "  ");
    inner[indent.size()] = '-';
    text += inner;
  }
  return text;
}

}  // namespace

std::string object_text(const Json& object) { return "---\n" + block(object, ""); }

}  // namespace baton::watch
