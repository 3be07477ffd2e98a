// Fields of fixed width: names, octal numbers, GNU's binary ones.
#include "common/io/unpack/tar_header.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace baton {
namespace {

using namespace std::string_view_literals;

struct Field {
  std::size_t at;
  std::size_t size;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kSize{124, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kLink{157, 100};
constexpr Field kMagic{257, 6};
constexpr Field kPrefix{345, 155};
constexpr std::size_t kSparseGoesOn = 482;     // in a header
constexpr std::size_t kSparseMapGoesOn = 504;  // in a block of the map

std::string_view field(std::string_view block, Field at) { return block.substr(at.at, at.size); }

std::string text(std::string_view block, Field at) {
  const auto all = field(block, at);
  return std::string(all.substr(0, all.find('\0')));
}

/// GNU and star: the first bit set, the number in the rest, most significant byte first.
std::int64_t binary_number(std::string_view bytes) {
  if ((static_cast<unsigned char>(bytes[0]) & 0x40U) != 0) throw DamagedTar("a number in it is negative");
  std::uint64_t number = static_cast<unsigned char>(bytes[0]) & 0x3FU;
  for (const char c : bytes.substr(1)) {
    if (number > (std::uint64_t{1} << 54U)) throw DamagedTar("a number in it is too large");
    number = (number << 8U) | static_cast<unsigned char>(c);
  }
  return static_cast<std::int64_t>(number);
}

std::int64_t number(std::string_view block, Field at) {
  auto digits = field(block, at);
  if ((static_cast<unsigned char>(digits[0]) & 0x80U) != 0) return binary_number(digits);
  const auto begin = digits.find_first_not_of(" \0"sv);
  if (begin == std::string_view::npos) return 0;
  digits = digits.substr(begin);
  digits = digits.substr(0, digits.find_first_of(" \0"sv));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < 0)
    throw DamagedTar("it is no tar archive, or damaged: a number in it is none");
  return value;
}

/// The sum counts its own field as blanks; some writers summed signed bytes.
bool is_checksum_right(std::string_view block) {
  std::int64_t as_unsigned = 0;
  std::int64_t as_signed = 0;
  for (std::size_t i = 0; i < kTarBlock; ++i) {
    const bool is_own = i >= kChecksum.at && i < kChecksum.at + kChecksum.size;
    const auto byte = is_own ? static_cast<unsigned char>(' ') : static_cast<unsigned char>(block[i]);
    as_unsigned += byte;
    as_signed += static_cast<signed char>(byte);
  }
  const auto written = number(block, kChecksum);
  return written == as_unsigned || written == as_signed;
}

TarEntry::Kind kind_of(char type) {
  switch (type) {
    case '0':
    case '\0':
    case '7':
    case 'S':
      return TarEntry::Kind::file;
    case '1':
      return TarEntry::Kind::hard_link;
    case '2':
      return TarEntry::Kind::symbolic_link;
    case '5':
      return TarEntry::Kind::folder;
    default:
      return TarEntry::Kind::other;
  }
}

/// Only POSIX's own has the name's beginning in a field of its own; GNU's has times there.
std::string name_of(std::string_view block) {
  const auto name = text(block, kName);
  if (field(block, kMagic) != "ustar\0"sv) return name;
  const auto prefix = text(block, kPrefix);
  return prefix.empty() ? name : prefix + "/" + name;
}

/// Links, devices and folders have no content, whatever size is written there.
bool has_content(char type) { return type == '\0' || type < '1' || type > '6'; }

}  // namespace

bool is_zero_block(std::string_view block) { return block.find_first_not_of('\0') == std::string_view::npos; }

TarHeader parse_tar_header(std::string_view block) {
  if (!is_checksum_right(block)) throw DamagedTar("it is no tar archive, or damaged: a header's checksum is wrong");
  const char type = block[kType];
  TarHeader header{.type = type,
                   .entry = {.name = name_of(block),
                             .link = text(block, kLink),
                             .kind = kind_of(type),
                             .size = has_content(type) ? number(block, kSize) : 0,
                             .mode = static_cast<std::uint32_t>(number(block, kMode) & 07777)},
                   .has_sparse_map = type == 'S' && block[kSparseGoesOn] != '\0'};
  // Before there was a type for it, a folder was a file whose name ends in a slash.
  if (header.entry.kind == TarEntry::Kind::file && header.entry.name.ends_with('/'))
    header.entry.kind = TarEntry::Kind::folder;
  return header;
}

bool sparse_map_goes_on(std::string_view block) { return block[kSparseMapGoesOn] != '\0'; }

void read_pax(std::string_view text, PaxRecords& into) {
  // Some writers fill up to the block.
  while (!text.empty() && text.find_first_not_of('\0') != std::string_view::npos) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<std::size_t>(end - text.data());
    const bool is_record = error == std::errc{} && length > digits + 1 && length <= text.size() &&
                           text[digits] == ' ' && text[length - 1] == '\n';
    if (!is_record) throw DamagedTar("a pax record in it is malformed");
    const auto record = text.substr(digits + 1, length - digits - 2);
    text = text.substr(length);
    const auto equals = record.find('=');
    if (equals == std::string_view::npos) throw DamagedTar("a pax record in it is malformed");
    const auto key = record.substr(0, equals);
    const auto value = record.substr(equals + 1);
    if (key == "path" || key == "GNU.sparse.name") into.path = std::string(value);
    if (key == "linkpath") into.link = std::string(value);
    if (key != "size") continue;
    std::int64_t size = 0;
    const auto [last, bad] = std::from_chars(value.data(), value.data() + value.size(), size);
    if (bad != std::errc{} || last != value.data() + value.size() || size < 0)
      throw DamagedTar("a pax record in it has a size that is none");
    into.size = size;
  }
}

}  // namespace baton
