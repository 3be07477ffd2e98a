// gzip (RFC 1952): members one behind the other, zeros behind the last.
#include <zlib.h>

#include <algorithm>
#include <array>

#include "common/io/unpack/decoder_streams.h"

namespace baton {
namespace {

constexpr int kGzip = 15 + 16;  // zlib's window of 32 kB, with gzip's head

class GzipStream final : public Decoder::Stream {
 public:
  GzipStream() {
    if (inflateInit2(&stream_, kGzip) != Z_OK) throw DamagedStream("zlib cannot begin to read");
  }
  ~GzipStream() override { inflateEnd(&stream_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  bool is_whole() const override { return !in_member_; }

  void unpack(std::string_view piece, const TakeBytes& take) override {
    while (!piece.empty()) {
      if (!in_member_ && !begin_member(piece)) return;
      piece = piece.substr(inflate_some(piece, take));
    }
  }

 private:
  /// False where only padding is left, as tar blocks have it.
  bool begin_member(std::string_view& piece) {
    if (members_ > 0) {
      const auto next = piece.find_first_not_of('\0');
      is_padded_ = is_padded_ || next != 0;
      if (next == std::string_view::npos) return false;
      if (is_padded_) throw DamagedStream("its gzip data is followed by something else");
      inflateReset(&stream_);
    }
    in_member_ = true;
    ++members_;
    return true;
  }

  /// How many of the bytes were used.
  std::size_t inflate_some(std::string_view piece, const TakeBytes& take) {
    const auto size = std::min<std::size_t>(piece.size(), 1U << 30U);
    // zlib takes what it only reads as writable.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(size);
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int state = inflate(&stream_, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
        throw DamagedStream("its gzip data is damaged");
      in_member_ = state != Z_STREAM_END;
      if (const auto made = out_.size() - stream_.avail_out; made > 0) take({out_.data(), made});
    } while (in_member_ && stream_.avail_out == 0);
    return size - stream_.avail_in;
  }

  z_stream stream_{};
  std::array<char, 1U << 16U> out_{};
  int members_ = 0;
  bool in_member_ = false;
  bool is_padded_ = false;
};

}  // namespace

std::unique_ptr<Decoder::Stream> make_gzip_stream() { return std::make_unique<GzipStream>(); }

}  // namespace baton
