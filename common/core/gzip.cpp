// The home of zlib.
#include "common/core/gzip.h"

#include <zlib.h>

#include <algorithm>

#include "common/core/error.h"

namespace baton {
namespace {

constexpr int kGzip = 15 + 16;  // zlib's window of 32 kB, with gzip's head
constexpr std::size_t kPiece = 1U << 16U;

z_stream reading(std::string_view bytes) {
  z_stream stream{};
  // zlib takes what it only reads as writable.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  return stream;
}

/// Room for one more piece behind what is there.
void make_room(z_stream& stream, std::string& out, std::size_t room) {
  const auto used = out.size();
  out.resize(used + room);
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
  stream.avail_out = static_cast<uInt>(room);
}

}  // namespace

std::string gzip(std::string_view bytes) {
  auto stream = reading(bytes);
  constexpr int kMemory = 8;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(ExitCode::error, "zlib cannot begin to compress");
  std::string packed;
  make_room(stream, packed, deflateBound(&stream, stream.avail_in));
  const bool is_whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (!is_whole) throw Error(ExitCode::error, "zlib did not compress to the end");
  return packed;
}

std::string gunzip(std::string_view packed, std::size_t max) {
  auto stream = reading(packed);
  if (inflateInit2(&stream, kGzip) != Z_OK) throw Error(ExitCode::error, "zlib cannot begin to read");
  std::string bytes;
  int state = Z_OK;
  // One byte over the limit is enough to know.
  while (state == Z_OK && bytes.size() <= max) {
    make_room(stream, bytes, std::min(kPiece, max + 1 - bytes.size()));
    state = inflate(&stream, Z_NO_FLUSH);
    bytes.resize(stream.total_out);
  }
  const bool is_whole = state == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (bytes.size() > max)
    throw Error(ExitCode::unknown, "compressed data holds more than " + std::to_string(max) + " bytes");
  if (!is_whole) throw Error(ExitCode::unknown, "compressed data is damaged");
  return bytes;
}

}  // namespace baton
