// Fills scalars from the environment and from files.
#include "common/config/interpolate.h"

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/files.h"

namespace baton::config {
namespace {

bool is_name(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  return !text.empty() && (text.front() < '0' || text.front() > '9') &&
         text.find_first_not_of(kLetters) == std::string_view::npos;
}

class Filler {
 public:
  Filler(const Source& source, const Environment& environment) : source_(source), environment_(environment) {}

  YamlNode fill(YamlNode node) {
    if (node.kind == YamlNode::Kind::scalar) node.text = fill_text(node);
    for (auto& item : node.items) item = fill(std::move(item));
    for (auto& member : node.members) member.value = fill(std::move(member.value));
    return node;
  }
  std::string missing;
  bool is_filled = false;

 private:
  std::string fill_text(const YamlNode& node) {
    std::string_view rest = node.text;
    std::string filled;
    while (true) {
      const auto open = rest.find("${");
      if (open == std::string_view::npos) return filled + std::string(rest);
      if (open > 0 && rest[open - 1] == '$') {
        filled += std::string(rest.substr(0, open - 1)) + "${";
        rest.remove_prefix(open + 2);
        continue;
      }
      const auto close = rest.find('}', open);
      if (close == std::string_view::npos) source_.fail(node, "'${' is not closed");
      filled += std::string(rest.substr(0, open)) + value_of(node, rest.substr(open + 2, close - open - 2));
      rest.remove_prefix(close + 1);
    }
  }

  std::string value_of(const YamlNode& node, std::string_view what) {
    is_filled = true;
    if (what.starts_with("file:")) return content_of(node, std::string(what.substr(5)));
    const auto separator = what.find(":-");
    const auto name = what.substr(0, separator);
    if (!is_name(name)) source_.fail(node, "'${" + printable(what, 60) + "}' names no variable");
    if (what.find("${") != std::string_view::npos) source_.fail(node, "a default cannot hold another ${…}");
    if (const auto value = environment_.find(name)) return *value;
    if (separator != std::string_view::npos) return std::string(what.substr(separator + 2));
    return note_missing("variable " + std::string(name));
  }

  std::string content_of(const YamlNode& node, const std::string& path) {
    try {
      if (const auto text = read_file_if_exists(path)) return std::string(trim(*text));
    } catch (const Error& error) {
      source_.fail(node, printable(error.what(), 300));
    }
    return note_missing("file '" + path + "'");
  }

  std::string note_missing(const std::string& what) {
    if (missing.empty()) missing = what;
    return {};
  }

  const Source& source_;
  const Environment& environment_;
};

}  // namespace

Filled interpolate(const YamlNode& node, const Source& source, const Environment& environment) {
  Filler filler(source, environment);
  YamlNode filled = filler.fill(node);
  return {.node = std::move(filled), .is_filled = filler.is_filled, .missing = filler.missing};
}

}  // namespace baton::config
