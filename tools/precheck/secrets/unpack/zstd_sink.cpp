// The home of zstd, of which only decompression is linked. A frame may ask for a window of 2 GiB: no more than 8 MiB, what
// zstd's levels up to 19 and registries use, is given.
#include "tools/precheck/secrets/unpack/zstd_sink.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <array>

#include "common/core/error.h"

namespace baton::precheck::secrets {
namespace {

constexpr int kWindowLog = 23;

class ZstdSink final : public Sink {
 public:
  ZstdSink(Unpacking& of, const std::string& place, std::string path, int depth) : of_(of), place_(place) {
    if (path.ends_with(".zst")) path.resize(path.size() - 4);
    inner_ = open_sink(of, place, path, depth + 1);
    if (stream_ == nullptr || ZSTD_isError(ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog)) != 0)
      throw Error(ExitCode::error, "zstd cannot begin to read");
  }
  ~ZstdSink() override { ZSTD_freeDCtx(stream_); }
  ZstdSink(const ZstdSink&) = delete;
  ZstdSink& operator=(const ZstdSink&) = delete;

  void take(std::string_view bytes) override {
    in_ += bytes.size();
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    bool is_full = true;
    while (!is_closed_ && (in.pos < in.size || is_full)) {
      ZSTD_outBuffer out{out_bytes_.data(), out_bytes_.size(), 0};
      missing_ = ZSTD_decompressStream(stream_, &out, &in);
      if (ZSTD_isError(missing_) != 0) {
        close(ZSTD_getErrorCode(missing_) == ZSTD_error_frameParameter_windowTooLarge ? "its window is larger than 8 MiB"
                                                                                      : "it is damaged");
        return;
      }
      hand_on({out_bytes_.data(), out.pos});
      is_full = out.pos == out.size;
    }
  }

  void end() override {
    if (!is_closed_ && missing_ != 0) close("it is cut short");
    inner_->end();
  }

 private:
  void hand_on(std::string_view piece) {
    if (piece.empty()) return;
    out_ += piece.size();
    if (of_.allows(in_, out_, piece.size(), place_)) {
      inner_->take(piece);
    } else {
      is_closed_ = true;
    }
  }

  void close(const std::string& why) {
    is_closed_ = true;
    of_.scan.coverage.unread(why, place_);
  }

  Unpacking& of_;
  std::string place_;
  std::unique_ptr<Sink> inner_ = {};
  ZSTD_DCtx* stream_ = ZSTD_createDCtx();
  std::size_t missing_ = 0;  ///< 0: a frame has just ended
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
  bool is_closed_ = false;
  std::array<char, 64U << 10U> out_bytes_ = {};
};

}  // namespace

std::unique_ptr<Sink> make_zstd_sink(Unpacking& of, const std::string& place, const std::string& path, int depth) {
  return std::make_unique<ZstdSink>(of, place, path, depth);
}

}  // namespace baton::precheck::secrets
