// XML as events; nothing outside the text is ever opened.
#pragma once

#include <functional>
#include <istream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton::precheck {

/// Of one element; holds only while its event is told.
class XmlAttributes {
 public:
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };
  explicit XmlAttributes(std::span<const Attribute> attributes) : attributes_(attributes) {}
  std::optional<std::string_view> find(std::string_view name) const;
  /// A finite number of 0 or more; nothing where it is none.
  std::optional<double> number(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::span<const Attribute> attributes_;
};

struct XmlEvents {
  /// Nesting depth counts from 1 at the root.
  std::function<void(const std::string& name, const XmlAttributes& attributes, int depth)> start;
  std::function<void(const std::string& name, int depth)> end = [](const std::string&, int) {};
  /// Text between tags, in pieces of any size.
  std::function<void(std::string_view text)> text = [](std::string_view) {};
};

/// Throws Error{unknown} "NAME: …" on anything that is not well-formed, on declared entities, on a depth over 200, on a
/// tag of more than about 1 MiB or with more than 200 attributes, and on more than 1000 different names or one of more
/// than 1000 bytes. Pulls the bytes as it needs them and none after that; what the stream throws comes through.
void parse_xml(std::istream& bytes, std::string_view name, const XmlEvents& events);
struct XmlRoot {
  std::string name = {};                     ///< empty: the text does not begin like XML
  std::vector<std::string> attributes = {};  ///< their names

  bool has(std::string_view attribute) const;
};
/// The root of the text that `head` is the beginning of.
XmlRoot xml_beginning(std::string_view head);
/// Its name alone.
std::string xml_root(std::string_view head);

}  // namespace baton::precheck
