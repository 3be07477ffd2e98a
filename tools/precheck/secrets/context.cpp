// A keyword is a word of its own, and between it and the value stands what assigns.
#include "tools/precheck/secrets/context.h"

#include <algorithm>
#include <array>

#include "common/core/text.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kLine = 400;
constexpr std::size_t kGap = 40;
/// Such a name has a hash or a number behind it.
constexpr std::array<std::string_view, 13> kNoSecrets = {"sha1",   "sha256",   "sha512",    "md5",  "commit",
                                                         "digest", "checksum", "integrity", "etag", "revision",
                                                         "_id",    "-id",      "uuid"};

bool is_letter(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

bool is_word_byte(char byte) { return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-'; }

bool may_stand_between(char byte) {
  return is_word_byte(byte) || std::string_view(" \t.\"'`:=>,([{/?&").find(byte) != std::string_view::npos;
}

bool assigns(std::string_view gap) {
  if (gap.find_first_of("=:/>") == std::string_view::npos && gap != " " && gap != "\", \"") return false;
  const auto text = to_lower(gap);
  return std::ranges::none_of(kNoSecrets, [&](auto word) { return text.find(word) != std::string::npos; });
}

}  // namespace

std::size_t line_begin(std::string_view block, std::size_t at) {
  const auto least = at > kLine ? at - kLine : 0;
  while (at > least && block[at - 1] != '\n') --at;
  return at;
}

std::size_t line_end(std::string_view block, std::size_t at) {
  const auto most = std::min(block.size(), at + kLine);
  while (at < most && block[at] != '\n') ++at;
  return at;
}

bool has_keyword(const Rule& rule, std::string_view block, const Found& found) {
  const auto begin = line_begin(block, found.begin);
  const auto before = to_lower(block.substr(begin, found.begin - begin));
  const auto after = to_lower(block.substr(found.end, line_end(block, found.end) - found.end));
  return std::ranges::any_of(rule.keywords, [&](const auto& word) {
    return before.find(word) != std::string::npos || after.find(word) != std::string::npos;
  });
}

std::optional<Found> value_after(const Rule& rule, std::string_view block, std::size_t at, std::size_t size) {
  if (at > 0 && is_letter(block[at - 1]) && is_letter(block[at])) return std::nullopt;
  const auto from = at + size;
  // A keyword that ends in a sign of its own needs no other.
  const bool is_whole = !is_word_byte(block[from - 1]);
  for (auto value = from; value < block.size() && value <= from + kGap; ++value) {
    const auto gap = block.substr(from, value - from);
    if ((is_whole || assigns(gap)) && !is_word_byte(value > 0 ? block[value - 1] : ' ')) {
      if (auto found = match_at(rule, block, value)) return found;
    }
    if (!may_stand_between(block[value])) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace baton::precheck::secrets
