// JSON as block YAML.
#include "tools/watch/object_text.h"

#include <algorithm>

#include "common/core/text.h"

namespace baton::watch {
namespace {

bool is_nested(const Json& value) { return (value.is_object() || value.is_array()) && value.size() > 0; }

/// A list of plain values, or nothing at all, needs one line only.
bool is_short(const Json& value) {
  if (!is_nested(value)) return true;
  return value.is_array() && std::ranges::none_of(value.items(), is_nested);
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
      text += " " + to_text(member) + "\n";
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
