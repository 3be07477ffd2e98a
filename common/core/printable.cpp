// UTF-8, looked at byte by byte where it has to be.
#include "common/core/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "common/core/secrets.h"
#include "common/core/text.h"

namespace baton {
namespace {

/// Which second byte may follow a first one of a range beyond ASCII, and how long the sequence is.
struct Lead {
  unsigned first;
  unsigned last;
  unsigned second_low;
  unsigned second_high;
  std::size_t length;
};

// RFC 3629: no overlong forms, no surrogates, nothing over U+10FFFF.
constexpr auto kLeads = std::to_array<Lead>({{0xC2, 0xDF, 0x80, 0xBF, 2},
                                             {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                             {0xE1, 0xEC, 0x80, 0xBF, 3},
                                             {0xED, 0xED, 0x80, 0x9F, 3},
                                             {0xEE, 0xEF, 0x80, 0xBF, 3},
                                             {0xF0, 0xF0, 0x90, 0xBF, 4},
                                             {0xF1, 0xF3, 0x80, 0xBF, 4},
                                             {0xF4, 0xF4, 0x80, 0x8F, 4}});

/// The bytes at the start of `text` that are ASCII for sure: a word at a time.
std::size_t ascii_length(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t length = 0;
  for (std::uint64_t word = 0; length + sizeof word <= text.size(); length += sizeof word) {
    std::memcpy(&word, text.data() + length, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  return length;
}

/// Length of the UTF-8 sequence at the start of `text`, 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto is_within = [&](std::size_t i, unsigned low, unsigned high) {
    const auto byte = static_cast<unsigned char>(text[i]);
    return byte >= low && byte <= high;
  };
  if (text.empty()) return 0;
  if (is_within(0, 0, 0x7F)) return 1;
  const auto lead = std::ranges::find_if(kLeads, [&](const Lead& one) { return is_within(0, one.first, one.last); });
  if (lead == kLeads.end() || text.size() < lead->length) return 0;
  if (!is_within(1, lead->second_low, lead->second_high)) return 0;
  for (std::size_t i = 2; i < lead->length; ++i) {
    if (!is_within(i, 0x80, 0xBF)) return 0;
  }
  return lead->length;
}

/// C0, DEL and C1: what moves a terminal's cursor or changes its colours.
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence.front());
  if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

struct Range {
  char32_t first;
  char32_t last;
};

// What is not seen, or turns the order of what is seen: a reader is shown something else than there is.
constexpr auto kInvisible = std::to_array<Range>({{0xAD, 0xAD},
                                                  {0x61C, 0x61C},
                                                  {0x115F, 0x1160},
                                                  {0x180E, 0x180E},
                                                  {0x200B, 0x200F},
                                                  {0x2028, 0x202E},
                                                  {0x2060, 0x206F},
                                                  {0x3164, 0x3164},
                                                  {0xFEFF, 0xFEFF},
                                                  {0xFFF9, 0xFFFB},
                                                  {0xE0000, 0xE007F}});

char32_t code_point(std::string_view sequence) {
  constexpr auto kFirstBits = std::to_array<unsigned>({0x7F, 0x1F, 0x0F, 0x07});
  char32_t value = static_cast<unsigned char>(sequence.front()) & kFirstBits[sequence.size() - 1];
  for (const char c : sequence.substr(1)) value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  return value;
}

bool is_invisible(std::string_view sequence) {
  const char32_t point = sequence.size() == 1 ? 0 : code_point(sequence);
  return std::ranges::any_of(kInvisible, [&](const Range& r) { return r.first <= point && point <= r.last; });
}

/// What goes between `safe` and `next` so that a CI host finds no command there: it takes "::" for one where a line
/// begins, spaces aside, and "##[" wherever it stands.
std::string_view breaker(std::string_view safe, std::string_view next) {
  const bool begins = safe.find_first_not_of(" :") == std::string_view::npos;
  if (begins && safe.ends_with(':') && next.starts_with(':')) return " ";
  return safe.ends_with("##") && next.starts_with('[') ? " " : "";
}

void append_hex(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 15U]};
}

}  // namespace

std::string json_without_commands(std::string_view json) { return replace_all(json, "##[", R"(##\u005b)"); }

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    text.remove_prefix(ascii_length(text));
    // Within the word that is not all ASCII, or behind the last whole one.
    for (std::size_t i = 0; i < sizeof(std::uint64_t) && !text.empty(); ++i) {
      const auto length = sequence_length(text);
      if (length == 0) return false;
      text.remove_prefix(length);
    }
  }
  return true;
}

std::string printable(std::string_view foreign, std::size_t max) {
  const std::string scrubbed = without_secrets(foreign);
  std::string_view text = scrubbed;
  std::string safe;
  while (!text.empty()) {
    if (safe.size() >= max) return safe + "…";
    safe += breaker(safe, text);
    const auto length = sequence_length(text);
    if (length == 0) {
      safe += "\xEF\xBF\xBD";
    } else if (text.front() == '\t') {
      safe += ' ';  // the only control character that does no harm
    } else if (is_control(text.substr(0, length))) {
      append_hex(safe, text[length - 1]);
    } else if (is_invisible(text.substr(0, length))) {
      for (const char c : text.substr(0, length)) append_hex(safe, c);
    } else {
      safe += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return safe;
}

}  // namespace baton
