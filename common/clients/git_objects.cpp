// Loose objects by their names; packed ones by an index, version 2, and the deltas that they are made of.
#include "common/clients/git_objects.h"

#include <Poco/InflatingStream.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <vector>

#include "common/core/error.h"
#include "common/io/glob.h"

namespace baton::git {
namespace {

constexpr int kLongestChain = 200;  // git itself makes them of 50, of 250 when it is asked to
constexpr std::string_view kIndexHead("\377tOc\0\0\0\2", 8);

[[noreturn]] void broken(const std::string& what) {
  throw Error(ExitCode::unknown, "git's " + what, "Fetch the repository again, with its history.");
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

/// What comes out of the stream, `size` bytes and no more.
std::string inflated(std::istream& packed, std::size_t size, const std::string& what) {
  if (size > kMaxObjectBytes) broken(what + " is larger than " + std::to_string(kMaxObjectBytes) + " bytes");
  Poco::InflatingInputStream stream(packed, Poco::InflatingStreamBuf::STREAM_ZLIB);
  std::string bytes(size + 1, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (stream.gcount() != static_cast<std::streamsize>(size)) broken(what + " is damaged");
  bytes.resize(size);
  return bytes;
}

/// "commit 213", a zero, and then so many bytes.
std::optional<Object> loose(const Repository& repository, const std::string& name) {
  constexpr std::size_t kMaxHead = 32;
  constexpr std::size_t kPiece = 16U << 10U;
  const Inside file{repository.shared, "objects/" + name.substr(0, 2) + "/" + name.substr(2)};
  const auto packed = read_file_if_exists(file, kMaxObjectBytes);
  if (!packed) return std::nullopt;
  const std::string what = "object " + name;
  std::istringstream bytes(*packed);
  Poco::InflatingInputStream stream(bytes, Poco::InflatingStreamBuf::STREAM_ZLIB);
  std::string text;
  std::string piece(kPiece, '\0');
  while (text.size() <= kMaxObjectBytes + kMaxHead) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto length = static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0));
    text.append(piece, 0, length);
    if (length < piece.size()) break;
  }
  const auto end = text.find('\0');
  const auto blank = text.find(' ');
  if (end == std::string::npos || blank >= end || end > kMaxHead) broken(what + " is damaged");
  if (text.substr(blank + 1, end - blank - 1) != std::to_string(text.size() - end - 1))
    broken(what + " is damaged, or larger than " + std::to_string(kMaxObjectBytes) + " bytes");
  return Object{.kind = text.substr(0, blank), .bytes = text.substr(end + 1)};
}

class Pack {
 public:
  Pack(const Repository& repository, const fs::path& index)
      : repository_(repository),
        index_path_(index),
        index_(open(index)),
        pack_(open(fs::path(index).replace_extension(".pack"))) {
    if (read(index_, 0, kIndexHead.size()) != kIndexHead) broken("index " + name() + " is not of version 2");
  }

  std::optional<std::uint64_t> offset_of(std::string_view id) {
    constexpr std::uint64_t kNames = 8 + 256 * 4;
    const auto first_byte = static_cast<unsigned char>(id.front());
    auto low = first_byte == 0 ? 0 : fan(first_byte - 1U);
    auto high = fan(first_byte);
    const std::uint64_t count = fan(255);
    if (low > high || high > count) broken("index " + name() + " is damaged");
    while (low < high) {
      const auto middle = low + (high - low) / 2;
      const auto found = read(index_, kNames + middle * id.size(), id.size());
      if (found == id) return offset_at(kNames + count * (id.size() + 4), count, middle);
      found < id ? low = middle + 1 : high = middle;
    }
    return std::nullopt;
  }

  Object object_at(std::uint64_t offset, std::size_t id_bytes) {
    std::vector<std::string> deltas;
    for (int depth = 0; depth < kLongestChain; ++depth) {
      auto entry = entry_at(offset, id_bytes);
      if (!entry.kind.empty()) return {.kind = entry.kind, .bytes = whole(std::move(entry.bytes), deltas)};
      deltas.push_back(std::move(entry.bytes));
      if (!entry.base_name.empty()) {
        const auto base = offset_of(entry.base_name);
        if (!base) broken("pack " + name() + " lacks the base of an object");
        offset = *base;
      } else {
        offset = entry.base_offset;
      }
    }
    broken("pack " + name() + " has a chain without an end");
  }

 private:
  struct Entry {
    std::string kind = {};  ///< empty: a delta
    std::string bytes = {};
    std::uint64_t base_offset = 0;
    std::string base_name = {};
  };

  std::string name() const { return index_path_.stem().string(); }

  std::ifstream open(const fs::path& path) const {
    if (!is_file(inside(repository_.shared, path))) broken("file " + path.filename().string() + " is not there");
    std::ifstream file(path, std::ios::binary);
    if (!file.is_open()) broken("file " + path.filename().string() + " cannot be read");
    return file;
  }
  std::string read(std::ifstream& file, std::uint64_t at, std::size_t length) const {
    std::string bytes(length, '\0');
    file.clear();
    file.seekg(static_cast<std::streamoff>(at));
    file.read(bytes.data(), static_cast<std::streamsize>(length));
    if (file.gcount() != static_cast<std::streamsize>(length)) broken("file " + name() + " ends too early");
    return bytes;
  }
  std::uint64_t fan(unsigned byte) { return big_endian(read(index_, 8 + std::uint64_t{byte} * 4, 4)); }
  /// Offsets of 2 GiB and more stand in a list of their own.
  std::uint64_t offset_at(std::uint64_t table, std::uint64_t count, std::uint64_t at) {
    constexpr std::uint64_t kElsewhere = std::uint64_t{1} << 31U;
    const auto offset = big_endian(read(index_, table + at * 4, 4));
    if (offset < kElsewhere) return offset;
    return big_endian(read(index_, table + count * 4 + (offset - kElsewhere) * 8, 8));
  }

  unsigned byte() {
    const auto next = pack_.get();
    if (next == std::ifstream::traits_type::eof()) broken("pack " + name() + " ends too early");
    return static_cast<unsigned>(next);
  }

  Entry entry_at(std::uint64_t offset, std::size_t id_bytes) {
    pack_.clear();
    pack_.seekg(static_cast<std::streamoff>(offset));
    auto next = byte();
    const auto type = next >> 4U & 7U;
    std::uint64_t size = next & 15U;
    for (unsigned shift = 4; (next & 128U) != 0 && shift < 60; shift += 7) {
      next = byte();
      size |= std::uint64_t{next & 127U} << shift;
    }
    Entry entry = kind_of(type, offset, id_bytes);
    entry.bytes = inflated(pack_, size, "pack " + name());
    return entry;
  }

  Entry kind_of(unsigned type, std::uint64_t offset, std::size_t id_bytes) {
    constexpr unsigned kOffsetDelta = 6;
    constexpr unsigned kNamedDelta = 7;
    constexpr std::string_view kKinds[] = {"", "commit", "tree", "blob", "tag"};
    if (type == kNamedDelta) {
      std::string base(id_bytes, '\0');
      std::ranges::generate(base, [&] { return static_cast<char>(byte()); });
      return {.base_name = base};
    }
    if (type == kOffsetDelta) {
      const auto back = distance();
      if (back == 0 || back > offset) broken("pack " + name() + " is damaged");
      return {.base_offset = offset - back};
    }
    if (type == 0 || type >= std::size(kKinds)) broken("pack " + name() + " has an object of no kind");
    return {.kind = std::string(kKinds[type])};
  }

  std::uint64_t distance() {
    auto next = byte();
    std::uint64_t value = next & 127U;
    for (int count = 0; (next & 128U) != 0 && count < 9; ++count) {
      next = byte();
      value = ((value + 1) << 7U) | (next & 127U);
    }
    return value;
  }

  static std::string whole(std::string bytes, const std::vector<std::string>& deltas) {
    for (auto delta = deltas.rbegin(); delta != deltas.rend(); ++delta) bytes = apply_delta(bytes, *delta);
    return bytes;
  }

  const Repository& repository_;
  fs::path index_path_;
  std::ifstream index_;
  std::ifstream pack_;
};

/// The steps of a delta, taken off one after the other.
class Delta {
 public:
  explicit Delta(std::string_view bytes) : rest_(bytes) {}

  bool is_over() const { return rest_.empty(); }
  std::uint64_t size() {
    std::uint64_t value = 0;
    for (unsigned shift = 0, next = 128; (next & 128U) != 0 && shift < 60; shift += 7) {
      next = byte();
      value |= std::uint64_t{next & 127U} << shift;
    }
    return value;
  }
  /// What the next step adds: a piece of `base`, or one that stands in the delta itself.
  std::string_view next(std::string_view base) {
    const auto command = byte();
    if ((command & 128U) == 0) return take(rest_, 0, command, /*is_own=*/true);
    const auto from = number(command, 4);
    const auto length = number(command >> 4U, 3);
    constexpr std::uint64_t kUnsaid = 0x10000;
    return take(base, from, length == 0 ? kUnsaid : length, /*is_own=*/false);
  }

 private:
  unsigned byte() {
    if (rest_.empty()) broken("delta ends too early");
    const auto next = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return next;
  }
  /// Made of the bytes that the mask says are there, the least first.
  std::uint64_t number(unsigned mask, unsigned count) {
    std::uint64_t value = 0;
    for (unsigned bit = 0; bit < count; ++bit) {
      if ((mask >> bit & 1U) != 0) value |= std::uint64_t{byte()} << (8 * bit);
    }
    return value;
  }
  std::string_view take(std::string_view source, std::uint64_t from, std::uint64_t length, bool is_own) {
    if (length == 0 || from > source.size() || length > source.size() - from) broken("delta is damaged");
    const auto piece = source.substr(from, length);
    if (is_own) rest_.remove_prefix(length);
    return piece;
  }

  std::string_view rest_;
};

std::string from_hex(std::string_view name) {
  std::string bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t at = 0; at + 1 < name.size(); at += 2)
    bytes += static_cast<char>(digit(name[at]) * 16 + digit(name[at + 1]));
  return bytes;
}

}  // namespace

std::optional<Object> find_object(const Repository& repository, const std::string& name) {
  if (!is_object_name(name)) broken("object has no such name");
  if (auto object = loose(repository, name)) return object;
  const auto id = from_hex(name);
  for (const auto& index : find_files(repository.shared, "objects/pack/*.idx")) {
    Pack pack(repository, index);
    if (const auto offset = pack.offset_of(id)) return pack.object_at(*offset, id.size());
  }
  return std::nullopt;
}

std::string apply_delta(std::string_view base, std::string_view delta) {
  Delta steps(delta);
  if (steps.size() != base.size()) broken("delta is for another object");
  const auto target = steps.size();
  if (target > kMaxObjectBytes) broken("delta makes too large an object");
  std::string made;
  while (!steps.is_over()) {
    made += steps.next(base);
    if (made.size() > target) break;
  }
  if (made.size() != target) broken("delta is damaged");
  return made;
}

}  // namespace baton::git
