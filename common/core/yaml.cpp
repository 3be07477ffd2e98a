// The home of yaml-cpp: documents into our tree, with positions and limits.
#include "common/core/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
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

struct Extent {
  int nodes = 1;
  int depth = 0;  ///< of containers
};

Extent extent_of(const YamlNode& node) {
  Extent extent{.depth = node.items.empty() && node.members.empty() ? 0 : 1};
  const auto add = [&extent](const YamlNode& child) {
    const Extent below = extent_of(child);
    extent.nodes += below.nodes;
    extent.depth = std::max(extent.depth, below.depth + 1);
  };
  for (const auto& item : node.items) add(item);
  for (const auto& member : node.members) add(member.value);
  return extent;
}

/// Builds our nodes from the parser's events: unlike yaml-cpp's own tree it can stop in time.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(std::string_view name) : name_(name) {}

  std::vector<YamlNode> documents;

  void OnDocumentStart(const YAML::Mark& mark) override {
    // At a stray ',' or ']' yaml-cpp finds one empty document after another without moving on.
    if (mark.pos == last_start_) fail(name_, mark, "unexpected text");
    last_start_ = mark.pos;
    anchors_.clear();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(node_at(mark, Kind::null), mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode made = node_at(mark, Kind::scalar);
    const bool is_binary = tag == "tag:yaml.org,2002:binary";
    made.text = is_binary ? bytes_of(mark, value) : value;
    // yaml-cpp marks what was quoted with the tag "!".
    made.quoted = is_binary || tag == "!" || tag == "tag:yaml.org,2002:str";
    add(std::move(made), mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto named = anchors_.find(anchor);
    if (named == anchors_.end()) fail(name_, mark, "an alias stands within what it names");
    check_depth(mark, extent_of(named->second).depth);
    YamlNode copy = named->second;
    count(mark, copy);
    add(std::move(copy), mark, 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, Kind::sequence, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, Kind::mapping, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  using Kind = YamlNode::Kind;

  struct Open {
    YamlNode node;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    std::set<std::string> keys = {};
    bool awaits_value = false;  ///< of the last member
  };

  static YamlNode node_at(const YAML::Mark& mark, Kind kind) {
    return {.kind = kind, .line = mark.line + 1, .column = mark.column + 1};
  }

  std::string bytes_of(const YAML::Mark& mark, const std::string& value) const {
    try {
      return from_wrapped_base64(value);
    } catch (const Error&) {
      fail(name_, mark, "'!!binary' stands before what is not base64");
    }
  }

  void check_depth(const YAML::Mark& mark, int more) const {
    if (static_cast<int>(open_.size()) + more > kMaxDepth) fail(name_, mark, "nested deeper than 100");
  }

  void count(const YAML::Mark& mark, const YamlNode& copy) {
    nodes_ += extent_of(copy).nodes;
    if (nodes_ > kMaxNodes) fail(name_, mark, "more than 100000 values; aliases expand too far");
  }

  void open(const YAML::Mark& mark, Kind kind, YAML::anchor_t anchor) {
    check_depth(mark, 1);
    const bool is_key = !open_.empty() && open_.back().node.kind == Kind::mapping && !open_.back().awaits_value;
    if (is_key) fail(name_, mark, "a key must be a plain word");
    open_.push_back({.node = node_at(mark, kind), .mark = mark, .anchor = anchor});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done.node), done.mark, done.anchor);
  }

  void add(YamlNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (++nodes_ > kMaxNodes) fail(name_, mark, "more than 100000 values");
    if (anchor != 0) {
      count(mark, node);
      anchors_[anchor] = node;
    }
    if (open_.empty()) {
      documents.push_back(std::move(node));
    } else if (open_.back().node.kind == Kind::sequence) {
      open_.back().node.items.push_back(std::move(node));
    } else if (std::exchange(open_.back().awaits_value, !open_.back().awaits_value)) {
      open_.back().node.members.back().value = std::move(node);
    } else {
      add_key(open_.back(), node, mark);
    }
  }

  void add_key(Open& mapping, const YamlNode& key, const YAML::Mark& mark) const {
    if (key.kind != Kind::scalar) fail(name_, mark, "a key must be a plain word");
    if (!mapping.keys.insert(key.text).second) fail(name_, mark, "key '" + printable(key.text, 80) + "' stands twice");
    mapping.node.members.push_back({.key = key.text, .value = {}, .line = mark.line + 1, .column = mark.column + 1});
  }

  std::string_view name_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  int nodes_ = 0;  ///< copies for anchors and aliases included
  int last_start_ = -1;
};

/// The tab in the indentation of the line that could not be read, or of the one before: the parser only sees that
/// something stands where it should not.
std::optional<YAML::Mark> tab_before(std::string_view text, const YAML::Mark& mark) {
  const auto lines = split(text, '\n');
  for (int line = std::max(mark.line - 1, 0); line <= mark.line && line < std::ssize(lines); ++line) {
    const std::string& content = lines[static_cast<std::size_t>(line)];
    const auto tab = content.substr(0, content.find_first_not_of(" \t")).find('\t');
    if (tab == std::string::npos) continue;
    YAML::Mark found;
    found.line = line;
    found.column = static_cast<int>(tab);
    return found;
  }
  return std::nullopt;
}

std::vector<YamlNode> load(std::string_view text, std::string_view name) {
  if (text.size() > kMaxBytes) throw Error(ExitCode::usage, std::string(name) + ": larger than the cap of 16 MiB");
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) {
    throw Error(ExitCode::usage, std::string(name) + ": not a UTF-8 text", "Save the file as UTF-8.");
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder(name);
    while (parser.HandleNextDocument(builder)) continue;
    return std::move(builder.documents);
  } catch (const YAML::Exception& error) {
    if (const auto tab = tab_before(text, error.mark)) fail(name, *tab, "tab used for indentation");
    fail(name, error.mark, printable(error.msg, 200));
  }
}

}  // namespace

YamlNode parse_yaml(std::string_view text, std::string_view name) {
  auto documents = load(text, name);
  if (documents.empty()) return {};
  if (documents.size() == 1) return std::move(documents.front());
  const YamlNode& second = documents[1];
  throw Error(ExitCode::usage,
              std::string(name) + ":" + std::to_string(second.line) + ":" + std::to_string(second.column) +
                  ": a second document begins here; one is expected",
              "Correct the file.");
}

std::vector<YamlNode> parse_yaml_documents(std::string_view text, std::string_view name) {
  auto documents = load(text, name);
  std::erase_if(documents, [](const YamlNode& document) { return document.kind == YamlNode::Kind::null; });
  return documents;
}

}  // namespace baton
