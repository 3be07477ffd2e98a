// POSIX ustar, with GNU's numbers of more than eight gigabytes.
#include "tools/precheck/secrets/unpack/tar_head.h"

#include <charconv>

namespace baton::precheck::secrets {
namespace {

std::string_view text_of(std::string_view field) { return field.substr(0, field.find('\0')); }

std::optional<std::uint64_t> number_of(std::string_view field) {
  std::uint64_t number = 0;
  if ((static_cast<unsigned char>(field.front()) & 0x80U) != 0) {
    for (const char byte : field.substr(field.size() - 8)) number = number << 8U | static_cast<unsigned char>(byte);
    return number;
  }
  for (const char byte : field) {
    if (byte == ' ' || byte == '\0') {
      if (number == 0) continue;
      break;
    }
    if (byte < '0' || byte > '7') return std::nullopt;
    number = number * 8 + static_cast<unsigned>(byte - '0');
  }
  return number;
}

}  // namespace

std::optional<TarHead> parse_tar_head(std::string_view block) {
  constexpr std::size_t kSum = 148;
  constexpr std::size_t kSumEnd = 156;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kTarBlock; ++i)
    sum += i >= kSum && i < kSumEnd ? static_cast<unsigned>(' ') : static_cast<unsigned char>(block[i]);
  const auto size = number_of(block.substr(124, 12));
  if (number_of(block.substr(kSum, 8)) != sum || !size || *size > (1ULL << 50U)) return std::nullopt;
  TarHead head{.name = std::string(text_of(block.substr(0, 100))), .size = *size, .type = block[156]};
  if (head.type == '\0') head.type = '0';
  const auto folder = text_of(block.substr(345, 155));
  if (block.substr(257, 6) == std::string_view("ustar\0", 6) && !folder.empty())
    head.name = std::string(folder) + "/" + head.name;
  return head;
}

PaxRecord parse_pax(std::string_view text) {
  PaxRecord record;
  while (!text.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || length <= digits + 1 || length > text.size()) break;
    const auto line = text.substr(digits + 1, length - digits - 2);
    if (line.starts_with("path=")) record.name = line.substr(5);
    if (line.starts_with("size=")) {
      std::uint64_t size = 0;
      const auto number = line.substr(5);
      if (std::from_chars(number.data(), number.data() + number.size(), size).ec == std::errc{} && size < (1ULL << 50U))
        record.size = size;
    }
    text.remove_prefix(length);
  }
  return record;
}

}  // namespace baton::precheck::secrets
