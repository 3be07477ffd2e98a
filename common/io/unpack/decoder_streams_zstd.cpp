// Zstandard (RFC 8878): frames one behind the other.
#include <zstd.h>

#include <vector>

#include "common/io/unpack/decoder_streams.h"

namespace baton {
namespace {

constexpr int kWindowLog = 25;  // 32 MB

class ZstdStream final : public Decoder::Stream {
 public:
  ZstdStream() : context_(ZSTD_createDCtx(), ZSTD_freeDCtx), out_(ZSTD_DStreamOutSize()) {
    if (!context_ || ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog)) != 0)
      throw DamagedStream("zstd cannot begin to read");
  }

  bool is_whole() const override { return is_whole_; }

  void unpack(std::string_view piece, const TakeBytes& take) override {
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    bool is_full = false;
    // A full buffer may leave more of what was read already.
    while (in.pos < in.size || is_full) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &in);
      if (ZSTD_isError(left) != 0) throw DamagedStream(damage(left));
      is_full = out.pos == out.size && left != 0;
      is_whole_ = left == 0;
      if (out.pos > 0) take({out_.data(), out.pos});
    }
  }

 private:
  static std::string damage(std::size_t code) {
    return std::string("its zstd data cannot be read: ") + ZSTD_getErrorName(code);
  }

  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
  std::vector<char> out_;
  bool is_whole_ = false;
};

}  // namespace

std::unique_ptr<Decoder::Stream> make_zstd_stream() { return std::make_unique<ZstdStream>(); }

}  // namespace baton
