// What the beginning of a JSON text shows.
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "tools/precheck/reports/json_parts.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kSteps = 4;
constexpr std::size_t kMostPaths = 2000;
constexpr std::size_t kMostText = 200;
constexpr std::size_t kDeepest = 100;

/// Notes what it meets, and ends the parser where that would go too deep.
class Noting : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Noting> {
 public:
  Noting(std::string& root, std::map<std::string, std::string>& seen) : root_(root), seen_(seen) {}

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    steps_.back().assign(text, size);
    return true;
  }
  bool StartObject() { return open("{"); }
  bool StartArray() { return open("["); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return note({text, size}, "other"); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return note({text, size}, "other"); }
  bool Bool(bool value) { return note(value ? "true" : "false", "other"); }
  bool Null() { return note({}, "null"); }

 private:
  bool note(std::string_view text, std::string_view root) {
    if (steps_.empty()) root_ = root;
    if (steps_.empty() || steps_.size() > kSteps || seen_.size() == kMostPaths) return true;
    std::string path;
    for (const auto& step : steps_) path += (path.empty() ? "" : "/") + step;
    seen_.emplace(std::move(path), text.substr(0, kMostText));
    return true;
  }
  bool open(std::string_view root) {
    note({}, root);
    steps_.emplace_back("*");
    return steps_.size() < kDeepest;
  }
  bool close() {
    steps_.pop_back();
    return true;
  }

  std::string& root_;
  std::map<std::string, std::string>& seen_;
  std::vector<std::string> steps_ = {};  ///< names of members, "*" for an item; the last one is not yet met
};

}  // namespace

JsonHead::JsonHead(std::string_view head) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (head.starts_with(kMark)) head.remove_prefix(kMark.size());
  rapidjson::MemoryStream stream(head.data(), head.size());
  Noting noting(root_, seen_);
  rapidjson::Reader reader;
  // A beginning is mostly not whole: what matters is what was met before it ended.
  reader.Parse<rapidjson::kParseNumbersAsStringsFlag>(stream, noting);
}

bool JsonHead::has(std::string_view path) const { return seen_.contains(std::string(path)); }

std::string_view JsonHead::text(std::string_view path) const {
  const auto found = seen_.find(std::string(path));
  return found == seen_.end() ? std::string_view{} : found->second;
}

}  // namespace baton::precheck
