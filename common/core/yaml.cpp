// The home of yaml-cpp: documents into our tree, with positions and limits.
#include "common/core/yaml.h"

#include <yaml-cpp/yaml.h>

#include <set>
#include <sstream>

#include "common/core/error.h"
#include "common/core/text.h"

namespace baton {
namespace {

constexpr std::size_t kMaxBytes = 16U << 20U;
constexpr int kMaxNodes = 100'000;  // aliases are expanded: a few lines can stand for billions of nodes
constexpr int kMaxDepth = 100;

std::string where(std::string_view name, const YAML::Mark& mark) {
  return std::string(name) + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

[[noreturn]] void fail(std::string_view name, const YAML::Mark& mark, const std::string& what) {
  throw Error(ExitCode::usage, where(name, mark) + ": " + what, "Correct the file.");
}

class Converter {
 public:
  explicit Converter(std::string_view name) : name_(name) {}

  YamlNode convert(const YAML::Node& node, int depth = 0) {
    if (++nodes_ > kMaxNodes) fail(name_, node.Mark(), "more than 100000 values; aliases expand too far");
    if (depth >= kMaxDepth && !node.IsScalar()) fail(name_, node.Mark(), "nested deeper than 100");
    YamlNode made{.line = node.Mark().line + 1, .column = node.Mark().column + 1};
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        break;
      case YAML::NodeType::Scalar:
        scalar(node, made);
        break;
      case YAML::NodeType::Sequence:
        sequence(node, made, depth);
        break;
      case YAML::NodeType::Map:
        mapping(node, made, depth);
        break;
    }
    return made;
  }

 private:
  static void scalar(const YAML::Node& node, YamlNode& made) {
    made.kind = YamlNode::Kind::scalar;
    made.text = node.Scalar();
    // yaml-cpp marks what was quoted with the tag "!".
    made.quoted = node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str";
  }
  void sequence(const YAML::Node& node, YamlNode& made, int depth) {
    made.kind = YamlNode::Kind::sequence;
    for (const auto& item : node) made.items.push_back(convert(item, depth + 1));
  }
  void mapping(const YAML::Node& node, YamlNode& made, int depth) {
    made.kind = YamlNode::Kind::mapping;
    std::set<std::string> seen;
    for (const auto& member : node) {
      const auto& mark = member.first.Mark();
      if (!member.first.IsScalar()) fail(name_, mark, "a key must be a plain word");
      const std::string key = member.first.Scalar();
      if (!seen.insert(key).second) fail(name_, mark, "key '" + printable(key, 80) + "' stands twice");
      made.members.push_back(
          {.key = key, .value = convert(member.second, depth + 1), .line = mark.line + 1, .column = mark.column + 1});
    }
  }

  std::string_view name_;
  int nodes_ = 0;
};

std::vector<YAML::Node> load(std::string_view text, std::string_view name) {
  if (text.size() > kMaxBytes) throw Error(ExitCode::usage, std::string(name) + ": larger than the cap of 16 MiB");
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) {
    throw Error(ExitCode::usage, std::string(name) + ": not a UTF-8 text", "Save the file as UTF-8.");
  }
  try {
    std::istringstream stream{std::string(text)};
    return YAML::LoadAll(stream);
  } catch (const YAML::Exception& error) {
    fail(name, error.mark, printable(error.msg, 200));
  }
}

bool is_number_text(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

/// A number of the core schema; nothing when JSON would not take it ("1.2.3", "007", a whole number beyond 64 bits).
std::optional<Json> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  try {
    return parse_json(text, "number");
  } catch (const Error&) {
    return std::nullopt;
  }
}

Json scalar_to_json(const YamlNode& node) {
  const std::string& text = node.text;
  if (node.quoted) return text;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (is_number_text(text)) {
    if (auto number = number_of(text)) return *number;
  }
  return text;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

YamlNode parse_yaml(std::string_view text, std::string_view name) {
  const auto documents = load(text, name);
  if (documents.size() > 1) fail(name, documents[1].Mark(), "a second document begins here; one is expected");
  if (documents.empty()) return {};
  return Converter(name).convert(documents.front());
}

std::vector<YamlNode> parse_yaml_documents(std::string_view text, std::string_view name) {
  std::vector<YamlNode> nodes;
  for (const auto& document : load(text, name)) {
    if (!document.IsNull()) nodes.push_back(Converter(name).convert(document));
  }
  return nodes;
}

Json to_json(const YamlNode& node) {
  Json json;
  switch (node.kind) {
    case YamlNode::Kind::null:
      break;
    case YamlNode::Kind::scalar:
      return scalar_to_json(node);
    case YamlNode::Kind::sequence:
      json = Json::array();
      for (const auto& item : node.items) json.push_back(to_json(item));
      break;
    case YamlNode::Kind::mapping:
      json = Json::object();
      for (const auto& member : node.members) json.members().emplace_back(member.key, to_json(member.value));
      break;
  }
  return json;
}

}  // namespace baton
