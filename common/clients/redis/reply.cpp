// Parsing RESP2.
#include "common/clients/redis/reply.h"

#include <fmt/format.h>

#include <charconv>

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::redis {
namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kMostItems = 10'000;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ExitCode::unknown, "the answer is no Redis protocol: " + why,
              "Check that the port is a Redis server's, and whether it expects TLS (rediss://).");
}

/// Takes replies off the front; every part says nothing while it is not there as a whole.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  std::size_t at() const { return at_; }

  std::optional<Reply> reply(int depth) {
    if (depth > kDeepest) refuse("it is nested too deeply");
    const auto line = this->line();
    if (!line) return std::nullopt;
    if (line->empty()) refuse("a line is empty");
    const auto rest = line->substr(1);
    switch (line->front()) {
      case '+':
        return Reply{.kind = Reply::Kind::text, .text = std::string(rest)};
      case '-':
        return Reply{.kind = Reply::Kind::error, .text = std::string(rest)};
      case ':':
        return Reply{.kind = Reply::Kind::number, .number = number(rest)};
      case '$':
        return bulk(number(rest));
      case '*':
        return list(number(rest), depth);
      default:
        refuse(fmt::format("it begins with '{}'", printable(line->substr(0, 20), 40)));
    }
  }

 private:
  std::optional<std::string_view> line() {
    const auto end = bytes_.find("\r\n", at_);
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = bytes_.substr(at_, end - at_);
    at_ = end + 2;
    return line;
  }

  static std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) {
      refuse(fmt::format("'{}' is no number", printable(text, 40)));
    }
    return value;
  }

  std::optional<Reply> bulk(std::int64_t length) {
    if (length == -1) return Reply{};
    if (length < 0 || static_cast<std::uint64_t>(length) > kLargestReply) refuse(fmt::format("{} bytes", length));
    const auto size = static_cast<std::size_t>(length);
    if (bytes_.size() - at_ < size + 2) return std::nullopt;
    if (bytes_.substr(at_ + size, 2) != "\r\n") refuse("a text does not end where it says");
    Reply reply{.kind = Reply::Kind::text, .text = std::string(bytes_.substr(at_, size))};
    at_ += size + 2;
    return reply;
  }

  std::optional<Reply> list(std::int64_t length, int depth) {
    if (length == -1) return Reply{};
    if (length < 0 || static_cast<std::uint64_t>(length) > kMostItems) refuse(fmt::format("{} items", length));
    Reply all{.kind = Reply::Kind::list};
    for (std::int64_t i = 0; i < length; ++i) {
      auto one = reply(depth + 1);
      if (!one) return std::nullopt;
      all.list.push_back(std::move(*one));
    }
    return all;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<ParsedReply> parse_reply(std::string_view bytes) {
  // A first byte of another protocol is told at once: no line of it may ever end.
  if (!bytes.empty() && std::string_view("+-:$*").find(bytes.front()) == std::string_view::npos) {
    refuse(fmt::format("it begins with '{}'", printable(bytes.substr(0, 20), 40)));
  }
  Cursor cursor(bytes);
  auto reply = cursor.reply(0);
  if (!reply && bytes.size() > kLargestReply) refuse("it does not end");
  if (!reply) return std::nullopt;
  return ParsedReply{.reply = std::move(*reply), .length = cursor.at()};
}

std::string command_text(const std::vector<std::string>& words) {
  std::string text = fmt::format("*{}\r\n", words.size());
  for (const auto& word : words) text += fmt::format("${}\r\n{}\r\n", word.size(), word);
  return text;
}

}  // namespace baton::redis
