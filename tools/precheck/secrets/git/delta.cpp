// Copies of the base and bytes of its own, in turn.
#include "tools/precheck/secrets/git/delta.h"

#include "common/core/error.h"

namespace baton::precheck::secrets {
namespace {

[[noreturn]] void damaged() { throw Error(ExitCode::unknown, "a difference in a pack is damaged"); }

unsigned next(std::string_view& text) {
  if (text.empty()) damaged();
  const auto byte = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  return byte;
}

std::uint64_t size_of(std::string_view& text) {
  std::uint64_t size = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const auto byte = next(text);
    size |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return size;
  }
  damaged();
}

/// The bytes of a number that `flags` says are there.
std::uint64_t sparse(std::string_view& text, unsigned flags, unsigned bytes) {
  std::uint64_t number = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    if ((flags >> i & 1U) != 0) number |= static_cast<std::uint64_t>(next(text)) << i * 8;
  }
  return number;
}

}  // namespace

std::string apply_delta(std::string_view base, std::string_view delta, std::uint64_t most) {
  constexpr unsigned kCopy = 0x80;
  constexpr std::uint64_t kFullCopy = 0x10000;
  if (size_of(delta) != base.size()) damaged();
  const auto size = size_of(delta);
  if (size > most) throw Error(ExitCode::unknown, "an object is larger than " + std::to_string(most) + " bytes");
  std::string made;
  made.reserve(static_cast<std::size_t>(size));
  while (!delta.empty()) {
    const auto flags = next(delta);
    std::string_view piece;
    if ((flags & kCopy) != 0) {
      const auto from = sparse(delta, flags & 15U, 4);
      auto length = sparse(delta, flags >> 4U & 7U, 3);
      if (length == 0) length = kFullCopy;
      if (from > base.size() || length > base.size() - from) damaged();
      piece = base.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(length));
    } else {
      if (flags == 0 || flags > delta.size()) damaged();
      piece = delta.substr(0, flags);
      delta.remove_prefix(flags);
    }
    if (piece.size() > size - made.size()) damaged();
    made += piece;
  }
  if (made.size() != size) damaged();
  return made;
}

}  // namespace baton::precheck::secrets
