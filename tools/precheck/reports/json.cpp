// The home of RapidJSON for reports.
#include "tools/precheck/reports/json.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

#include "common/core/error.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kDeepest = 100;
constexpr std::size_t kMaxToken = 1U << 20U;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

[[noreturn]] void refuse(const std::string& what) { throw Error(ExitCode::unknown, what, "Build the report again."); }

/// The bytes on their way into the parser, which takes NUL for their end.
class Feed {
 public:
  using Ch = char;
  explicit Feed(std::istream& bytes) : bytes_(bytes) {
    fill();
    if (std::string_view(piece_.data(), size_).starts_with(kMark)) at_ = kMark.size();
  }

  char Peek() const { return at_ < size_ ? piece_[at_] : '\0'; }
  char Take() {
    const char taken = Peek();
    if (at_ < size_ && ++at_ == size_) fill();
    return taken;
  }
  std::size_t Tell() const { return before_ + at_; }
  // The interface of a stream that is written to, which no parser of a stream like this calls.
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  std::size_t PutEnd(const char*) { return 0; }

  bool is_at_end() const { return at_ == size_; }
  /// Something was told: what came before is no part of a token any more.
  void told() { told_ = Tell(); }

 private:
  void fill() {
    before_ += size_;
    at_ = 0;
    bytes_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    size_ = static_cast<std::size_t>(bytes_.gcount());
    if (before_ - told_ > kMaxToken + piece_.size()) refuse("a text or number is longer than 1 MiB");
  }

  std::istream& bytes_;
  std::array<char, 32U << 10U> piece_ = {};
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::size_t before_ = 0;  ///< bytes of the pieces before
  std::size_t told_ = 0;
};

/// Keeps the path.
class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  Handler(Feed& feed, const JsonEvents& events) : feed_(feed), events_(events) {}

  bool Null() { return scalar(JsonScalar::Kind::null, "null"); }
  bool Bool(bool value) { return scalar(JsonScalar::Kind::boolean, value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return scalar(JsonScalar::Kind::number, {text, size});
  }
  bool String(const char* text, rapidjson::SizeType size, bool) { return scalar(JsonScalar::Kind::text, {text, size}); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    feed_.told();
    path_.keys().back().assign(text, size);
    return true;
  }
  bool StartObject() { return open(/*is_array=*/false); }
  bool StartArray() { return open(/*is_array=*/true); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

 private:
  struct Container {
    bool is_array = false;
    std::size_t items = 0;
  };

  /// What begins next, if it is an item.
  void name_item() {
    feed_.told();
    if (!open_.empty() && open_.back().is_array) path_.keys().back() = std::to_string(open_.back().items++);
  }
  bool scalar(JsonScalar::Kind kind, std::string_view text) {
    name_item();
    events_.value(path_, {.kind = kind, .text = text});
    return true;
  }
  bool open(bool is_array) {
    name_item();
    if (open_.size() == kDeepest) refuse("nested deeper than 100");
    open_.push_back({.is_array = is_array});
    path_.keys().emplace_back();
    return true;
  }
  bool close() {
    feed_.told();
    open_.pop_back();
    path_.keys().pop_back();
    events_.end(path_);
    return true;
  }

  Feed& feed_;
  const JsonEvents& events_;
  JsonPath path_ = {};
  std::vector<Container> open_ = {};
};

void skip_space(Feed& feed) {
  while (feed.Peek() != '\0' && std::string_view(" \n\r\t").find(feed.Peek()) != std::string_view::npos) feed.Take();
}

void parse(std::istream& bytes, JsonDocuments documents, const JsonEvents& events) {
  constexpr unsigned kStrict =
      rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseStopWhenDoneFlag;
  Feed feed(bytes);
  Handler handler(feed, events);
  rapidjson::Reader reader;
  do {
    const auto result = reader.Parse<kStrict>(feed, handler);
    if (result.IsError())
      refuse(fmt::format("not JSON: byte {}: {}", result.Offset(), rapidjson::GetParseError_En(result.Code())));
    skip_space(feed);
  } while (documents == JsonDocuments::many && !feed.is_at_end());
  if (!feed.is_at_end()) refuse(fmt::format("not JSON: something follows at byte {}", feed.Tell()));
}

bool are_first(const std::vector<std::string>& keys, std::initializer_list<std::string_view> first) {
  return keys.size() >= first.size() && std::equal(first.begin(), first.end(), keys.begin());
}

}  // namespace

bool JsonPath::is(std::initializer_list<std::string_view> keys) const {
  return keys_.size() == keys.size() && are_first(keys_, keys);
}

bool JsonPath::begins(std::initializer_list<std::string_view> keys) const { return are_first(keys_, keys); }

std::optional<double> JsonScalar::number() const {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
  return kind == Kind::number && is_whole ? std::optional(value) : std::nullopt;
}

void parse_json_events(std::istream& bytes, std::string_view name, JsonDocuments documents, const JsonEvents& events) {
  try {
    parse(bytes, documents, events);
  } catch (const Error& error) {
    const std::string begin = std::string(name) + ": ";
    const std::string what = error.what();
    throw Error(error.code(), what.starts_with(begin) ? what : begin + what, error.hint());
  }
}

std::set<std::string> json_keys(std::string_view head) {
  std::set<std::string> keys;
  const auto note = [&](const JsonPath& at) {
    if (at.depth() > 0) keys.insert(at.at(0));
    if (at.depth() > 1) keys.insert(at.at(0) + "/" + at.at(1));
  };
  const auto first = head.find_first_not_of(" \r\n\t\xEF\xBB\xBF");
  if (first == std::string_view::npos || head[first] != '{') return keys;
  std::istringstream bytes{std::string(head)};
  try {
    parse_json_events(bytes, "head", JsonDocuments::many,
                      {.value = [&](const JsonPath& at, const JsonScalar&) { note(at); }, .end = note});
  } catch (const Error&) {
    return keys;  // a beginning is never whole
  }
  return keys;
}

}  // namespace baton::precheck
