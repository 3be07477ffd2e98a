// libs: baton_handoff baton_core
// Any text is a record of a rehearsal or a baton::Error; one that is taken can be written.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/handoff/rehearsal.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  baton::expect_only_errors([&] {
    baton::to_bytes(baton::parse_rehearsal({reinterpret_cast<const char*>(bytes), size}, "fuzz"));
  });
  return 0;
}
