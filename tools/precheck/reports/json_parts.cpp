// The home of RapidJSON's parser for reports.
#include "tools/precheck/reports/json_parts.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <set>

#include "common/core/error.h"
#include "common/core/text.h"
#include "tools/precheck/reports/json_feed.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kDeepest = 100;
constexpr std::size_t kMostParts = 64;
constexpr std::size_t kMaxPart = 8U << 20U;
constexpr std::size_t kMaxMembers = 2000;  // of an object within a part; they are looked up one by one

Json number_of(std::string_view text) {
  std::int64_t whole = 0;
  const char* end = text.data() + text.size();
  if (const auto [stop, error] = std::from_chars(text.data(), end, whole); error == std::errc{} && stop == end)
    return whole;
  double value = 0;
  if (std::from_chars(text.data(), end, value).ec == std::errc{}) return value;
  return text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos
             ? 0.0
             : std::numeric_limits<double>::max();
}

/// Puts one value together from what the parser meets.
class Builder {
 public:
  bool is_open() const { return !open_.empty(); }
  void begin(Json container) {
    size_ = 0;
    open_.push_back(std::move(container));
  }
  void key(std::string_view name) {
    count(name.size());
    if (open_.back().find(name) != nullptr) throw malformed_json("a member is there twice");
    if (open_.back().size() == kMaxMembers) throw malformed_json("an object has more than 2000 members");
    keys_.emplace_back(name);
  }
  void open(Json container) {
    count(0);
    open_.push_back(std::move(container));
  }
  void scalar(Json value) {
    count(value.is_string() ? value.string().size() : 0);
    put(std::move(value));
  }
  /// True when the whole value is there.
  bool close() {
    Json closed = std::move(open_.back());
    open_.pop_back();
    if (open_.empty()) {
      whole_ = std::move(closed);
      return true;
    }
    put(std::move(closed));
    return false;
  }
  const Json& whole() const { return whole_; }

 private:
  void put(Json value) {
    Json& into = open_.back();
    if (into.is_array()) {
      into.push_back(std::move(value));
      return;
    }
    into.members().emplace_back(std::move(keys_.back()), std::move(value));
    keys_.pop_back();
  }
  /// A value takes more room than its text.
  void count(std::size_t text) {
    size_ += text + sizeof(Json);
    if (size_ > kMaxPart) throw malformed_json("one part of it is over 8 MiB");
  }

  std::vector<Json> open_ = {};
  std::vector<std::string> keys_ = {};  ///< of the members that are being read
  std::size_t size_ = 0;
  Json whole_ = {};
};

/// A part's path in steps.
struct Route {
  std::vector<std::string> steps = {};
  bool is_opening = false;
  const JsonPart* part = nullptr;
};

Route route_to(const JsonPart& part) {
  Route route{.part = &part};
  auto path = part.path;
  route.is_opening = path.ends_with('/');
  if (route.is_opening) path.remove_suffix(1);
  if (!path.empty()) route.steps = split(path, '/');
  return route;
}

/// Which parts may still be met, one bit each.
using Routes = std::uint64_t;

struct Frame {
  bool is_object = false;
  std::size_t items = 0;
  Routes routes = 0;
  std::set<std::string> keys = {};  ///< of an object on the way to a part
};

class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  Handler(std::span<const JsonPart> parts, JsonFeed& feed) : feed_(feed) {
    for (const auto& part : parts) routes_.push_back(route_to(part));
    if (routes_.size() > kMostParts) throw std::logic_error("more than 64 parts of one document");
  }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    feed_.heard();
    const std::string_view name(text, size);
    if (builder_.is_open()) {
      builder_.key(name);
      return true;
    }
    auto& frame = open_.back();
    if (frame.routes != 0 && !frame.keys.emplace(name).second) throw malformed_json("a member is there twice");
    key_.assign(name);
    return true;
  }
  bool StartObject() { return open(Json::object()); }
  bool StartArray() { return open(Json::array()); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return scalar(number_of({text, size})); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return scalar(std::string_view(text, size)); }
  bool Bool(bool value) { return scalar(value); }
  bool Null() { return scalar(nullptr); }

 private:
  /// The routes that lead through the value that begins; puts its name on the way.
  Routes step_in() {
    if (open_.empty()) return ~Routes{0};
    auto& frame = open_.back();
    at_.push_back(frame.is_object ? key_ : std::to_string(frame.items));
    ++frame.items;
    Routes on = 0;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const auto& steps = routes_[i].steps;
      const bool may = ((frame.routes >> i) & 1U) != 0 && steps.size() >= at_.size();
      if (may && (steps[at_.size() - 1] == "*" || steps[at_.size() - 1] == at_.back())) on |= Routes{1} << i;
    }
    return on;
  }
  void step_out() {
    if (!at_.empty()) at_.pop_back();
  }
  const Route* whole_part(Routes on) const {
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const bool ends_here = ((on >> i) & 1U) != 0 && routes_[i].steps.size() == at_.size();
      if (ends_here && !routes_[i].is_opening) return &routes_[i];
    }
    return nullptr;
  }
  void tell_openings(Routes on, const Json& value) const {
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const bool ends_here = ((on >> i) & 1U) != 0 && routes_[i].steps.size() == at_.size();
      if (ends_here && routes_[i].is_opening) routes_[i].part->take(value, at_);
    }
  }

  bool open(Json container) {
    feed_.heard();
    if (++depth_ > kDeepest) throw malformed_json("it is more than 100 levels deep");
    if (builder_.is_open()) {
      builder_.open(std::move(container));
      return true;
    }
    const auto on = step_in();
    tell_openings(on, container);
    building_ = whole_part(on);
    if (building_ != nullptr) {
      builder_.begin(std::move(container));
      return true;
    }
    open_.push_back({.is_object = container.is_object(), .routes = on});
    return true;
  }
  bool close() {
    feed_.heard();
    --depth_;
    if (!builder_.is_open()) {
      open_.pop_back();
      step_out();
      return true;
    }
    if (!builder_.close()) return true;
    building_->part->take(builder_.whole(), at_);
    step_out();
    return true;
  }
  bool scalar(Json value) {
    feed_.heard();
    if (builder_.is_open()) {
      builder_.scalar(std::move(value));
      return true;
    }
    const auto on = step_in();
    tell_openings(on, value);
    if (const auto* route = whole_part(on)) route->part->take(value, at_);
    step_out();
    return true;
  }

  JsonFeed& feed_;
  std::vector<Route> routes_ = {};
  std::vector<Frame> open_ = {};
  JsonPlace at_ = {};
  std::string key_ = {};
  std::size_t depth_ = 0;
  Builder builder_ = {};
  const Route* building_ = nullptr;
};

}  // namespace

void parse_json_parts(std::istream& bytes, std::string_view name, std::span<const JsonPart> parts) {
  JsonFeed feed(bytes);
  Handler handler(parts, feed);
  rapidjson::Reader reader;
  constexpr unsigned kStrict = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;
  try {
    const auto result = reader.Parse<kStrict>(feed, handler);
    if (result.IsError())
      throw malformed_json(fmt::format("byte {}: {}", result.Offset(), rapidjson::GetParseError_En(result.Code())));
  } catch (const MalformedJson& error) {
    throw Error(ExitCode::unknown, fmt::format("{}: not readable as JSON: {}", name, error.what()),
                "Build the report again.");
  } catch (const Error& error) {
    // What a value says that is of another type than its format has does not know the file's name.
    const auto begin = std::string(name) + ": ";
    if (std::string_view(error.what()).starts_with(begin)) throw;
    throw Error(error.code(), begin + error.what(), error.hint());
  }
}

}  // namespace baton::precheck
