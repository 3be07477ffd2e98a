// zlib in pieces.
#include "common/core/gzip_stream.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "common/core/error.h"

namespace baton {
namespace {

int window_bits(Inflater::Frame frame) {
  constexpr int kLargest = 15;
  switch (frame) {
    case Inflater::Frame::gzip:
      return kLargest + 16;
    case Inflater::Frame::zlib:
      return kLargest;
    case Inflater::Frame::none:
      return -kLargest;
  }
  return kLargest;
}

}  // namespace

struct Inflater::State {
  explicit State(Frame frame) {
    if (inflateInit2(&stream, window_bits(frame)) != Z_OK) throw Error(ExitCode::error, "zlib cannot begin to read");
  }
  ~State() { inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  z_stream stream = {};
  bool is_at_end = false;
  std::array<char, 64U << 10U> out = {};
};

Inflater::Inflater(Frame frame) : state_(std::make_unique<State>(frame)) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

bool Inflater::is_at_end() const { return state_->is_at_end; }

void Inflater::restart() {
  inflateReset(&state_->stream);
  state_->is_at_end = false;
}

std::size_t Inflater::take(std::string_view packed, const std::function<bool(std::string_view)>& give) {
  auto& stream = state_->stream;
  const auto given = std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max());
  // zlib takes what it only reads as writable.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(given);
  bool goes_on = true;
  while (goes_on && !state_->is_at_end) {
    stream.next_out = reinterpret_cast<Bytef*>(state_->out.data());
    stream.avail_out = static_cast<uInt>(state_->out.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      throw Error(ExitCode::unknown, "compressed data is damaged");
    state_->is_at_end = result == Z_STREAM_END;
    const auto made = state_->out.size() - stream.avail_out;
    if (made > 0) goes_on = give({state_->out.data(), made});
    if (result == Z_BUF_ERROR || (stream.avail_in == 0 && stream.avail_out > 0)) break;
  }
  return given - stream.avail_in;
}

}  // namespace baton
