// RESP2, what a Redis server answers, taken from bytes as they come in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::redis {

struct Reply {
  enum class Kind { text, error, number, null, list };
  Kind kind = Kind::null;
  std::string text = {};    ///< of a text or an error
  std::int64_t number = 0;  ///< of a number
  std::vector<Reply> list = {};

  bool is_text(std::string_view wanted) const { return kind == Kind::text && text == wanted; }
  bool is_error() const { return kind == Kind::error; }
};

constexpr std::size_t kLargestReply = 4U << 20U;

/// A reply and how many bytes it took.
struct ParsedReply {
  Reply reply;
  std::size_t length = 0;
};
/// The first whole reply of `bytes`; nothing while more must come. Throws Error{unknown} on what is no RESP2, too
/// large, or nested deeper than any command answers.
std::optional<ParsedReply> parse_reply(std::string_view bytes);

/// "*2\r\n$4\r\nAUTH\r\n…": a command as servers read it.
std::string command_text(const std::vector<std::string>& words);

}  // namespace baton::redis
