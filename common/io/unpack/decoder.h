// Compressed bytes that come in pieces, made whole as they come: gzip, zstd, or neither.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace baton {

/// Is handed bytes, in order; what it throws comes through.
using TakeBytes = std::function<void(std::string_view)>;

enum class Packing { none, gzip, zstd };
std::string_view packing_name(Packing packing);
/// By the first four bytes, since media types say gzip of what is none; `none` of fewer.
Packing packing_of(std::string_view head);

struct UnpackLimits {
  std::int64_t max_bytes = std::int64_t{64} << 30U;  ///< unpacked, in all
  /// Unpacked bytes to packed ones, held against it from `ratio_from` on. gzip cannot pass 1032.
  std::int64_t max_ratio = 1100;
  std::int64_t ratio_from = std::int64_t{256} << 20U;
};

/// One stream of packed bytes: of gzip any number of members, of zstd any number of frames, skippable ones too. Holds
/// 32 kB of gzip, up to 32 MB of zstd (what compressors up to level 20 ask for).
class Decoder {
 public:
  /// `name` is what the bytes are called in errors: "layer sha256:…".
  Decoder(std::string name, TakeBytes take, UnpackLimits limits = {});
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Throws Error{unknown} "NAME: …" on damaged bytes, past a limit, and on a zstd window of more than 32 MB.
  void feed(std::string_view packed);
  /// Throws Error{unknown} where the stream is not over.
  void finish();

  Packing packing() const { return packing_; }
  std::int64_t packed_bytes() const { return packed_; }
  std::int64_t unpacked_bytes() const { return unpacked_; }

  /// A packing's own state. `unpack` hands on what it makes of a piece; `is_whole`: nothing is begun that has no end.
  struct Stream {
    virtual ~Stream() = default;
    virtual void unpack(std::string_view piece, const TakeBytes& take) = 0;
    virtual bool is_whole() const = 0;
  };

 private:
  void begin();
  void decode(std::string_view piece);
  void hand_on(std::string_view bytes);

  std::string name_;
  TakeBytes take_;
  UnpackLimits limits_;
  std::string head_ = {};  ///< until it is known what it is
  bool has_begun_ = false;
  Packing packing_ = Packing::none;
  std::unique_ptr<Stream> stream_ = {};
  std::int64_t packed_ = 0;
  std::int64_t unpacked_ = 0;
};

}  // namespace baton
