// The packings that a decoder knows.
#pragma once

#include <memory>
#include <stdexcept>

#include "common/io/unpack/decoder.h"

namespace baton {

/// What is wrong with the bytes, without their name; thrown within the decoder only.
class DamagedStream final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::unique_ptr<Decoder::Stream> make_gzip_stream();
std::unique_ptr<Decoder::Stream> make_zstd_stream();

}  // namespace baton
