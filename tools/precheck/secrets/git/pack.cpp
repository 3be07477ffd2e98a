// Version 2 of pack and index, as git's documentation "gitformat-pack" has them.
#include "tools/precheck/secrets/git/pack.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/core/error.h"
#include "common/core/gzip_stream.h"
#include "common/core/printable.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::uint64_t kFan = 8;  ///< where the index counts names by their first byte
constexpr std::uint64_t kNames = 8 + 256 * 4;
constexpr std::uint64_t kLarge = 0x80000000;

[[noreturn]] void damaged(const std::string& name) {
  throw Error(ExitCode::unknown, fmt::format("the pack '{}' is damaged", printable(name, 200)));
}

Descriptor open(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) throw Error(ExitCode::unknown, fmt::format("cannot read '{}'", printable(path.string(), 200)));
  return file;
}

/// As many bytes as there are, up to the buffer's size.
std::size_t read_at(const Descriptor& file, std::uint64_t position, char* into, std::size_t size) {
  std::size_t got = 0;
  while (got < size) {
    const auto part = ::pread(file.number(), into + got, size - got, static_cast<off_t>(position + got));
    if (part < 0 && errno == EINTR) continue;
    if (part <= 0) break;
    got += static_cast<std::size_t>(part);
  }
  return got;
}

}  // namespace

Pack::Pack(const fs::path& index, std::size_t name_size)
    : name_(index.filename().string()), name_size_(name_size), index_(open(index)) {
  auto beside = index;
  pack_ = open(beside.replace_extension(".pack"));
  constexpr std::uint64_t kMagic = 0xFF744F63;
  if (number_at(0, 4) != kMagic || number_at(4, 4) != 2)
    throw Error(ExitCode::unknown,
                fmt::format("the index of the pack '{}' has a form that is not known", printable(name_, 200)));
  count_ = number_at(kFan + 255ULL * 4, 4);
}

std::uint64_t Pack::number_at(std::uint64_t position, std::size_t bytes) const {
  std::array<char, 8> text{};
  if (read_at(index_, position, text.data(), bytes) != bytes) damaged(name_);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) number = number << 8U | static_cast<unsigned char>(text.at(i));
  return number;
}

std::optional<std::uint64_t> Pack::find(std::string_view name) const {
  const auto first = static_cast<unsigned char>(name.front());
  std::uint64_t low = first == 0 ? 0 : number_at(kFan + (first - 1ULL) * 4, 4);
  std::uint64_t high = number_at(kFan + first * 4ULL, 4);
  if (low > high || high > count_) damaged(name_);
  std::array<char, 32> here{};
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (read_at(index_, kNames + middle * name_size_, here.data(), name_size_) != name_size_) damaged(name_);
    const auto order = std::string_view(here.data(), name_size_).compare(name);
    if (order == 0) {
      // Names, then checksums of four bytes, then offsets, then those of more than two gigabytes.
      const auto offsets = kNames + count_ * (name_size_ + 4);
      const auto offset = number_at(offsets + middle * 4, 4);
      return (offset & kLarge) == 0 ? offset : number_at(offsets + count_ * 4 + (offset - kLarge) * 8, 8);
    }
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return std::nullopt;
}

PackedHead Pack::head_at(std::uint64_t offset) const {
  std::array<char, 64> text{};
  const auto size = read_at(pack_, offset, text.data(), text.size());
  std::size_t at = 0;
  const auto next = [&] {
    if (at >= size) damaged(name_);
    return static_cast<unsigned char>(text.at(at++));
  };
  auto byte = next();
  PackedHead head{.type = static_cast<ObjectType>(byte >> 4U & 7U), .size = byte & 15U};
  for (unsigned shift = 4; (byte & 0x80U) != 0; shift += 7) {
    if (shift > 56) damaged(name_);
    byte = next();
    head.size |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
  }
  if (head.type == ObjectType::offset_delta) {
    byte = next();
    std::uint64_t back = byte & 0x7FU;
    while ((byte & 0x80U) != 0) {
      byte = next();
      back = (back + 1) << 7U | (byte & 0x7FU);
      if (back > offset) damaged(name_);
    }
    if (back == 0 || back > offset) damaged(name_);
    head.base = offset - back;
  } else if (head.type == ObjectType::name_delta) {
    if (at + name_size_ > size) damaged(name_);
    head.base_name.assign(text.data() + at, name_size_);
    at += name_size_;
  } else if (head.type < ObjectType::commit || head.type > ObjectType::tag) {
    damaged(name_);
  }
  head.begin = offset + at;
  return head;
}

void Pack::read(const PackedHead& head, const std::function<bool(std::string_view)>& give) const {
  Inflater stream(Inflater::Frame::zlib);
  std::string packed(32U << 10U, '\0');
  std::uint64_t made = 0;
  bool goes_on = true;
  for (auto position = head.begin; goes_on && !stream.is_at_end();) {
    const auto size = read_at(pack_, position, packed.data(), packed.size());
    if (size == 0) damaged(name_);
    position += stream.take(std::string_view(packed).substr(0, size), [&](std::string_view piece) {
      made += piece.size();
      if (made > head.size) damaged(name_);
      goes_on = give(piece);
      return goes_on;
    });
  }
  if (goes_on && made != head.size) damaged(name_);
}

}  // namespace baton::precheck::secrets
