// Recognises the packing, counts, and keeps the limits.
#include "common/io/unpack/decoder.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/io/unpack/decoder_streams.h"

namespace baton {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMagic = 4;
constexpr auto kGzipMagic = "\x1f\x8b"sv;
constexpr auto kZstdMagic = "\x28\xb5\x2f\xfd"sv;
constexpr auto kSkippableEnd = "\x2a\x4d\x18"sv;  // after any of 0x50 to 0x5f (RFC 8878, 3.1.2)

bool is_skippable(std::string_view head) {
  return (static_cast<unsigned char>(head[0]) & 0xF0U) == 0x50U &&
         head.substr(1, kSkippableEnd.size()) == kSkippableEnd;
}

}  // namespace

std::string_view packing_name(Packing packing) {
  switch (packing) {
    case Packing::none:
      return "none";
    case Packing::gzip:
      return "gzip";
    case Packing::zstd:
      return "zstd";
  }
  return "none";
}

Packing packing_of(std::string_view head) {
  if (head.size() < kMagic) return Packing::none;
  if (head.starts_with(kGzipMagic)) return Packing::gzip;
  return head.starts_with(kZstdMagic) || is_skippable(head) ? Packing::zstd : Packing::none;
}

Decoder::Decoder(std::string name, TakeBytes take, UnpackLimits limits)
    : name_(std::move(name)), take_(std::move(take)), limits_(limits) {}
Decoder::~Decoder() = default;

void Decoder::hand_on(std::string_view bytes) {
  unpacked_ += static_cast<std::int64_t>(bytes.size());
  if (unpacked_ > limits_.max_bytes) {
    throw Error(ExitCode::unknown,
                name_ + ": it unpacks to more than the limit of " + std::to_string(limits_.max_bytes) + " bytes");
  }
  if (unpacked_ > limits_.ratio_from && unpacked_ / limits_.max_ratio > packed_) {
    throw Error(ExitCode::unknown, name_ + ": each of its bytes unpacks to more than " +
                                       std::to_string(limits_.max_ratio) + ": it is made to fill what reads it");
  }
  take_(bytes);
}

void Decoder::decode(std::string_view piece) {
  if (!stream_) return hand_on(piece);
  try {
    stream_->unpack(piece, [this](std::string_view bytes) { hand_on(bytes); });
  } catch (const DamagedStream& damage) {
    throw Error(ExitCode::unknown, name_ + ": " + damage.what());
  }
}

void Decoder::begin() {
  has_begun_ = true;
  packing_ = packing_of(head_);
  if (packing_ == Packing::gzip) stream_ = make_gzip_stream();
  if (packing_ == Packing::zstd) stream_ = make_zstd_stream();
  if (!head_.empty()) decode(head_);
  head_ = {};
}

void Decoder::feed(std::string_view packed) {
  packed_ += static_cast<std::int64_t>(packed.size());
  if (has_begun_) return decode(packed);
  const auto missing = std::min(packed.size(), kMagic - head_.size());
  head_ += packed.substr(0, missing);
  if (head_.size() < kMagic) return;
  begin();
  if (missing < packed.size()) decode(packed.substr(missing));
}

void Decoder::finish() {
  if (!has_begun_) begin();
  if (stream_ && !stream_->is_whole())
    throw Error(ExitCode::unknown, name_ + ": its " + std::string(packing_name(packing_)) + " data ends too early");
}

}  // namespace baton
