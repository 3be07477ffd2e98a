// Messages about one value of the configuration.
#include "common/config/source.h"

#include "common/core/printable.h"

namespace baton::config {
namespace {

using Kind = YamlNode::Kind;

std::string seen(const Source& source, const YamlNode& node) {
  switch (node.kind) {
    case Kind::null:
      return "nothing";
    case Kind::sequence:
      return "a list";
    case Kind::mapping:
      return "a mapping";
    case Kind::scalar:
      break;
  }
  if (source.is_filled) return "something else in what ${…} stands for";
  return (node.quoted ? "the text '" : "'") + printable(node.text, 60) + "'";
}

}  // namespace

std::string Source::origin(const YamlNode& node) const {
  return is_file ? name + ":" + std::to_string(node.line) + ":" + std::to_string(node.column) : name;
}

void Source::fail(const YamlNode& node, const std::string& what, const std::string& hint) const {
  const std::string where = key.empty() ? origin(node) : name + " " + printable(key, 80);
  throw Error(ExitCode::usage, where + ": " + what, hint);
}

void Source::expected(const YamlNode& node, const std::string& what) const {
  fail(node, "expected " + what + ", found " + seen(*this, node));
}

bool Source::attempt(const std::function<void()>& read) const {
  try {
    read();
    return true;
  } catch (const Error& mistake) {
    if (mistakes == nullptr) throw;
    mistakes->push_back(mistake);
    return false;
  }
}

void Source::each(const YamlNode& list, const std::string& what,
                  const std::function<void(const YamlNode&)>& read) const {
  if (list.kind != Kind::sequence) expected(list, what);
  every(list.items, read);
}

void Source::throw_last() const {
  const Error last = mistakes->back();
  mistakes->pop_back();
  throw last;
}

}  // namespace baton::config
