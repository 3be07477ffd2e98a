// XML as events; nothing outside the text is ever opened.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace baton::precheck {

using XmlAttributes = std::map<std::string, std::string>;

struct XmlEvents {
  /// Nesting depth counts from 1 at the root.
  std::function<void(const std::string& name, const XmlAttributes& attributes, int depth)> start;
  std::function<void(const std::string& name, int depth)> end = [](const std::string&, int) {};
};

/// Throws Error{unknown} "NAME: …" on anything that is not well-formed, on external or exploding entities and on a
/// depth over 200.
void parse_xml(std::string_view text, std::string_view name, const XmlEvents& events);

}  // namespace baton::precheck
