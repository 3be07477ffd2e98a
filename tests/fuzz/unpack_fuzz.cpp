// libs: baton_io — packed bytes and the archive in them, in pieces of any size.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/io/unpack/tar.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t piece = bytes[0] % 64U + 1;
  baton::expect_only_errors([&] {
    std::int64_t left = 0;
    bool is_open = false;
    baton::TarReader tar("x",
                         {.begin =
                              [&](const baton::TarEntry& entry) {
                                if (is_open || entry.size < 0) std::abort();
                                left = entry.size;
                                is_open = true;
                              },
                          .content =
                              [&](std::string_view part) {
                                left -= static_cast<std::int64_t>(part.size());
                                if (!is_open || left < 0) std::abort();
                              },
                          .end =
                              [&] {
                                if (!is_open || left != 0) std::abort();
                                is_open = false;
                              }},
                         {.max_entries = 1000});
    baton::Decoder decoder("x", [&](std::string_view part) { tar.feed(part); }, {.max_bytes = 1 << 22});
    for (std::size_t at = 0; at < text.size(); at += piece) decoder.feed(text.substr(at, piece));
    decoder.finish();
    tar.finish();
    if (is_open) std::abort();
  });
  return 0;
}
