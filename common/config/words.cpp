// Keys that take one of a few words.
#include "common/config/words.h"

#include <algorithm>

#include "common/config/codec.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::config {

Json Words::schema() const {
  Json all = Json::array();
  for (const auto& word : known) all.push_back(word);
  return or_filled(Json::object({{"enum", all}}));
}

std::string Words::read(const Source& source, const YamlNode& node) const {
  const std::string expected = join(known, " or ");
  if (node.kind != YamlNode::Kind::scalar) source.expected(node, expected);
  if (std::ranges::find(known, node.text) != known.end()) return node.text;
  if (is_later && is_later(node.text)) {
    source.fail(node, "'" + printable(node.text, 60) + "' is not available in this version", "Use " + expected + ".");
  }
  source.expected(node, expected);
}

}  // namespace baton::config
